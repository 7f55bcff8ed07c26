import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, CommanderError } from 'commander';
import { expect, test } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { exitCodeTable } from '../../../src/cli/exit-code.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { type DocumentedCall, documentedCalls } from '../../support/documented-calls.ts';
import { projectRoot } from '../../support/project-root.ts';

function read(name: string): string {
  return readFileSync(join(projectRoot, 'docs', name), 'utf8');
}

function allCommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

test('docs/exit-codes.md has the table that --help prints', () => {
  const rows = exitCodeTable()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/ {2,}/));
  const text = read('exit-codes.md');
  for (const [codes, meaning] of rows) expect(text).toContain(`\n| ${codes} | ${meaning} |`);
  expect(rows.length).toBeGreaterThan(6);
});

/** The commands as they are, which do nothing. */
function idleProgram(): Command {
  const output = {
    isTerminal: false,
    columns: undefined,
    write: () => {},
    writeBytes: async () => true,
    flush: async () => undefined,
    reader: () => new AbortController().signal,
  };
  const program = createProgram({ cwd: '/', env: {}, out: output, err: output }, () => {});
  for (const command of allCommands(program)) if (command.commands.length === 0) command.action(() => {});
  return program;
}

test('docs/command-line.md lists every command and every option, and no other', () => {
  const program = idleProgram();
  const commands = allCommands(program);
  const text = read('command-line.md');
  for (const command of commands.slice(1)) expect(text).toMatch(new RegExp(`(## |db |handoffs )${command.name()}\\b`));
  const known = new Set(commands.flatMap(({ options }) => options.map(({ long }) => long)));
  for (const option of known) if (option !== '--version') expect(text).toContain(option);
  const told = text.match(/(?<![\w-])--[a-z][a-z-]+/g)!.filter((option) => !['--help'].includes(option));
  expect(told.filter((option) => !known.has(option))).toEqual([]);
});

test('docs/command-line.md describes every event of the JSON log, and every cause of a failure', () => {
  const text = read('command-line.md');
  const log = text.slice(text.indexOf('**json** writes'), text.indexOf('With `--junit FILE`'));
  const model = (name: string) => readFileSync(join(projectRoot, 'src/engine/model/run', name), 'utf8');
  const events = [...model('run-event.ts').matchAll(/readonly type: '([^']+)'/g)].map(([, type]) => type);
  const states = model('task-state.ts');
  const causes = states.slice(states.indexOf('type ProgramFailure'), states.indexOf('type Waited'));
  const outcomes = states.slice(states.indexOf('type Outcome'), states.indexOf('type TaskState'));
  const reasons = /type DrainReason =(.*?);\n\n/s.exec(model('run-event.ts'))?.[1] ?? '';
  const kinds = [...`${causes}${outcomes}${reasons}`.matchAll(/readonly kind: '([^']+)'/g)].map(([, kind]) => kind);
  expect(events.filter((type) => !log.includes(`\`${type}\``))).toEqual([]);
  expect(kinds.filter((kind) => !log.includes(`\`${kind}\``) && !log.includes(`{"kind":"${kind}"`))).toEqual([]);
  expect([events.length > 25, kinds.length > 20]).toEqual([true, true]);
});

const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md'].concat(
  readdirSync(join(projectRoot, 'docs')).flatMap((name) => (name.endsWith('.md') ? `docs/${name}` : [])),
);
const textOf = (page: string) => readFileSync(join(projectRoot, page), 'utf8');

/** Calls that are shown because they are wrong. */
const wrongCalls = ['run --max-paralel 4'];
/** What stands in a document for any command, and for values that are more than a word. */
const examples: Readonly<Record<string, string>> = { COMMAND: 'history', N: '2', DURATION: '10m', 'K=V': 'day=today' };

/** What is wrong with a call; undefined when it can be understood. */
function mistakeIn({ args, isInText }: DocumentedCall): string | undefined {
  const program = idleProgram();
  const words = args.map((word) => examples[word] ?? word.split('|')[0]!);
  const [first = ''] = words;
  const names = [...program.commands.map((command) => command.name()), 'help'];
  if (/^[a-z][\w-]*$/.test(first) && !names.includes(first)) return `there is no command "${first}"`;
  try {
    program.parse(words, { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const isNamed = isInText && words.length <= 2 && mayBeLeftOut.has(error.code);
    return error.exitCode === 0 || isNamed ? undefined : error.message;
  }
}

const mayBeLeftOut = new Set(['commander.missingArgument', 'commander.missingMandatoryOptionValue', 'commander.help']);

test.each(pages)('every call of the program in %s is one that the command line understands', (page) => {
  const mistakes = documentedCalls(textOf(page)).flatMap((call) => {
    const mistake = wrongCalls.includes(call.args.join(' ')) ? undefined : mistakeIn(call);
    return mistake === undefined ? [] : `${page}:${call.line}: etl-tui ${call.args.join(' ')}: ${mistake}`;
  });
  expect(mistakes).toEqual([]);
});

test('a wrong call in a document would be found', () => {
  const calls = documentedCalls(
    '`etl-tui runn`, `etl-tui run --colour`\n    etl-tui graph --format png | less\n`etl-tui show`',
  );
  expect(calls.map(mistakeIn)).toEqual([
    'there is no command "runn"',
    expect.stringContaining("unknown option '--colour'"),
    expect.stringContaining('png'),
    undefined,
  ]);
});

test.each(pages)('every script of npm that %s names exists', (page) => {
  const named = [...textOf(page).matchAll(/\bnpm (?:run )?(start|test|(?<=run )[\w:]+)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
});

/** What a page says itself: without code and without what is in backquotes. */
function proseOf(page: string): string {
  return textOf(page)
    .replaceAll(/^```.*?^```$/gms, '')
    .replaceAll(/`[^`\n]+`/g, 'code')
    .replaceAll(/^ {4}.*$/gm, '');
}

const otherForms = [
  // 1.5 s, 10 min: 1.5s, 10m, or in words.
  /\b\d[\d.]* (?:ms|s|m|h|secs?|mins?|hrs?)\b/g,
  // 6208, 6 208: 6,208. Years, ISO 8601 and modes of files have no comma.
  /(?<![\w.,:/#-])(?!(?:19|20)\d\d\b|8601\b|0)\d{4,}(?![\w.,:/-])/g,
];

test.each(pages)('durations and counts in %s have the form in which the program prints them', (page) => {
  expect(otherForms.flatMap((form) => proseOf(page).match(form) ?? [])).toEqual([]);
});
