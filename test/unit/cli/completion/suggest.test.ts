import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { placeholderOf, suggest } from '../../../../src/cli/completion/suggest.ts';
import { type NameSource, valueKinds } from '../../../../src/cli/completion/value-kinds.ts';
import { createProgram } from '../../../../src/cli/program.ts';

const output = {
  isTerminal: false,
  columns: undefined,
  write: () => {},
  writeBytes: async () => true,
  flush: async () => undefined,
  reader: () => new AbortController().signal,
};
const program = createProgram({ cwd: '/', env: {}, out: output, err: output }, () => {});

const names: NameSource = {
  pipeline: async () => ({
    levels: [{ value: 'extract' }],
    tasks: [
      { value: 'orders', about: 'of the day' },
      { value: 'load', instances: ['load[a=1]', 'load[a=2]'] },
    ],
    params: [
      { value: 'extent', isSecret: false, values: ['full', 'delta'] },
      { value: 'token', isSecret: true, values: [] },
    ],
  }),
  runs: async (_, which) => [{ value: which === 'all' ? '20261129_070000_abcd' : '20261128_070000_abcd' }],
  tasksOf: async (_, run) => [`task_of_${run}`],
  handoffs: async () => [{ value: '2026-11-29_etl_failure_orders' }],
};

/** The last word is that of the cursor. */
async function words(...call: readonly string[]): Promise<readonly string[] | string> {
  const found = await suggest(program, call.slice(0, -1), call.at(-1) ?? '', names);
  return found.kind === 'words' ? found.words.map(({ value }) => value) : found.kind;
}

test('a call begins with a command, or with a pipeline when no command begins so', async () => {
  expect(await words('')).toEqual(expect.arrayContaining(['run', 'validate', 'completion', 'help']));
  expect(await words('')).not.toContain('__complete');
  expect(await words('./my')).toBe('pipelines');
  expect(await words('help', '')).toContain('capacity');
  expect(await words('db', '')).toEqual(['start', 'stop', 'status', 'url', 'psql', 'sql', 'migrate', 'help']);
  expect(await words('handoffs', 'close', '')).toEqual(['2026-11-29_etl_failure_orders']);
});

test('options are those of the command, and of run where none is named', async () => {
  expect(await words('-')).toEqual(expect.arrayContaining(['--only', '--version', '--help']));
  expect(await words('shop.yaml', '--re')).toEqual(expect.arrayContaining(['--resume', '--reporter']));
  expect(await words('history', '--')).toEqual(['--last', '--json', '--log-dir', '--no-color', '--ascii', '--help']);
  expect(await words('history', '--json', '--')).not.toContain('--json');
  expect(await words('run', '--only', 'a', '--')).toContain('--only');
  expect(await words('run', '--', '--')).toBe('pipelines');
  expect(await words('db', 'psql', '--', '-f', '')).toBe('files');
});

test('the value of an option is what its help says', async () => {
  expect(await words('run', '--reporter', '')).toEqual(['plain', 'json', 'github']);
  expect(await words('validate', '--format=')).toEqual(['--format=text', '--format=json']);
  expect(await words('run', '-j', '')).toEqual(['auto']);
  expect(await words('history', '--last', '')).toEqual([]);
  expect(await words('run', '--junit', '')).toBe('files');
  expect(await words('run', '--junit=re')).toBe('files');
  expect(await words('run', '--log-dir', '')).toBe('directories');
  expect(await words('run', '--junit', 'x.xml', '')).toBe('pipelines');
});

test('tasks and levels are a list, in which instances come once their task is typed', async () => {
  expect(await words('run', '--only', '')).toEqual(['extract', 'orders', 'load']);
  expect(await words('run', '--only', 'load')).toEqual(['extract', 'orders', 'load', 'load[a=1]', 'load[a=2]']);
  expect(await words('run', '--only=orders,')).toEqual(['--only=orders,extract', '--only=orders,load']);
  expect(await words('run', '--only', 'load[a=1],load[')).toEqual([
    'load[a=1],extract',
    'load[a=1],orders',
    'load[a=1],load',
    'load[a=1],load[a=2]',
  ]);
  expect(await words('trends', '--task', '')).toEqual(['orders', 'load[a=1]', 'load[a=2]']);
});

test('a parameter has its name, then its values; a secret one is named only', async () => {
  expect(await words('-p', '')).toEqual(['extent=', 'token']);
  expect(await words('-p', 'extent=')).toEqual(['extent=full', 'extent=delta']);
  expect(await words('-p', 'other=')).toEqual([]);
});

test('runs are the latest and those that are stored; only some can be resumed', async () => {
  expect(await words('show', '')).toEqual(['latest', '20261129_070000_abcd']);
  expect(await words('--resume', '')).toEqual(['20261128_070000_abcd']);
  expect(await words('--resume', '--')).toContain('--only');
  expect(await words('logs', 'latest', '')).toEqual(['task_of_latest']);
  expect(await words('logs', 'latest', 'orders', '')).toEqual([]);
});

test('of every value that a call takes it is known what it may be', () => {
  const all = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(all)];
  const values = all(program).flatMap(({ options, registeredArguments }) => [
    ...options.filter(({ required, optional }) => required || optional),
    ...registeredArguments,
  ]);
  const unknown = values.filter((one) => one.argChoices === undefined && !(placeholderOf(one) in valueKinds));
  expect(unknown.map(placeholderOf)).toEqual([]);
});
