import type { Argument, Command, Option } from 'commander';
import { actingCommand, commandsOf, optionsOf, type PartialCall, readCall, takesValue } from './read-call.ts';
import { nothing, type Suggestions, wordsFrom } from './suggestions.ts';
import { type NameSource, valueKinds } from './value-kinds.ts';

/**
 * What the word at the cursor may be.
 * @param before the words of the call before it, without that of the program
 * @param current what is typed of it so far
 */
export async function suggest(
  program: Command,
  before: readonly string[],
  current: string,
  names: NameSource,
): Promise<Suggestions> {
  const call = readCall(program, before);
  if (call.option !== undefined && (call.option.required || !current.startsWith('-'))) {
    const found = await valuesOf(call.option, current, call, names);
    // An optional value may also be left out.
    const isNothing = found.kind === 'words' && found.words.length === 0;
    if (call.option.required || !isNothing) return found;
  }
  if (!call.isWordsOnly && current.startsWith('-')) return suggestOption(call, current, names);
  const { command, words } = call;
  const commands = words.length === 0 && !call.isWordsOnly ? commandsOf(command) : [];
  if (commands.some((one) => one.name().startsWith(current))) {
    return {
      kind: 'words',
      words: commands.map((one) => ({ value: one.name(), about: one.summary() || one.description() })),
      isOrdered: true,
    };
  }
  const { registeredArguments } = actingCommand(command);
  const argument = registeredArguments[words.length] ?? registeredArguments.findLast(({ variadic }) => variadic);
  if (argument === undefined) return nothing;
  return argument.name() === 'COMMAND'
    ? wordsFrom(program.commands.map((one) => one.name()))
    : valuesOf(argument, current, call, names);
}

/** The options of the command, or behind `--name=` the values of that one. */
async function suggestOption(call: PartialCall, current: string, names: NameSource): Promise<Suggestions> {
  const options = optionsOf(call.command);
  const [, name, value] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  if (name === undefined || value === undefined) {
    const unused = options.filter((option) => !call.values.has(option.long ?? '') || mayRepeat(option));
    return {
      kind: 'words',
      words: unused.map(({ long, short, description }) => ({ value: long ?? short ?? '', about: description })),
    };
  }
  const option = options.find(({ long }) => long === name);
  if (option === undefined || !takesValue(option)) return nothing;
  const found = await valuesOf(option, value, call, names);
  if (found.kind !== 'words') return found;
  return { ...found, words: found.words.map((word) => ({ ...word, value: `${name}=${word.value}` })) };
}

/** One that collects its values has a function that makes a list of them. */
function mayRepeat(option: Option): boolean {
  return ['TASKS', 'K=V', 'COLUMNS'].includes(placeholderOf(option));
}

/** What a value is, is told by what stands for it in the help. */
function valuesOf(
  of: Option | Argument,
  typed: string,
  call: PartialCall,
  names: NameSource,
): Suggestions | Promise<Suggestions> {
  if (of.argChoices !== undefined) return wordsFrom(of.argChoices);
  return valueKinds[placeholderOf(of)]?.(typed, { call, names, option: 'long' in of ? of.long : undefined }) ?? nothing;
}

/** `TASKS` of `--only <TASKS>`. */
export function placeholderOf(of: Option | Argument): string {
  if ('flags' in of) return /[<[]([^>\]]+)[>\]]$/.exec(of.flags)?.[1] ?? '';
  return of.name();
}
