import type { Command, Option } from 'commander';

/** How far a call of the program has come at the cursor, by the words before it. */
export type PartialCall = {
  /** The command that is called; the program itself as long as a word may still name one. */
  readonly command: Command;
  /** The option whose value is the word at the cursor. */
  readonly option?: Option;
  /** The values of the options before, by their long names. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** The words before that are neither a command nor of an option. */
  readonly words: readonly string[];
  /** Whether a `--` stands before. */
  readonly isWordsOnly: boolean;
};

/** Reads the words before the cursor, without that of the program; whatever is wrong with them is passed over. */
export function readCall(program: Command, before: readonly string[]): PartialCall {
  const values = new Map<string, string[]>();
  const words: string[] = [];
  let command = program;
  let option: Option | undefined;
  let isWordsOnly = false;
  const add = ({ long }: Option, value: string) => values.set(long ?? '', [...(values.get(long ?? '') ?? []), value]);

  for (const word of before) {
    const isOption = !isWordsOnly && word.startsWith('-') && word !== '-';
    if (option !== undefined && (option.required || !isOption)) {
      add(option, word);
      option = undefined;
      continue;
    }
    option = undefined;
    if (isOption) {
      const read = word === '--' ? undefined : readOption(optionsOf(command), word);
      if (word === '--') isWordsOnly = true;
      else if (read?.value !== undefined) add(read.option, read.value);
      else if (read !== undefined && takesValue(read.option)) option = read.option;
      else if (read !== undefined) add(read.option, '');
      continue;
    }
    const named =
      words.length === 0 && !isWordsOnly ? commandsOf(command).find((one) => one.name() === word) : undefined;
    if (named === undefined) words.push(word);
    else command = named;
  }
  return { command, ...(option === undefined ? {} : { option }), values, words, isWordsOnly };
}

/** The commands that may be called below this one, `help` included. */
export function commandsOf(command: Command): readonly Command[] {
  return command.createHelp().visibleCommands(command);
}

/** The options that may stand there; where no command is named yet, those of `run` too. */
export function optionsOf(command: Command): readonly Option[] {
  const own = command.createHelp().visibleOptions(command);
  const standing = actingCommand(command);
  return standing === command ? own : [...optionsOf(standing), ...own.filter(({ long }) => long !== '--help')];
}

/** The command that is carried out: without its word, `run`. */
export function actingCommand(command: Command): Command {
  return command.parent === null ? (command.commands.find((one) => one.name() === 'run') ?? command) : command;
}

/** The option of `--name=value`, `--name`, `-n` or `-nVALUE`. */
function readOption(
  options: readonly Option[],
  word: string,
): { readonly option: Option; readonly value?: string } | undefined {
  const [, name = '', value] = /^(--[^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  const option = options.find(({ long, short }) => long === name || short === word.slice(0, 2));
  if (option === undefined) return undefined;
  const attached = name === '' ? word.slice(2) : value;
  return { option, ...(attached === undefined || (attached === '' && name === '') ? {} : { value: attached }) };
}

export function takesValue(option: Option): boolean {
  return option.required || option.optional;
}
