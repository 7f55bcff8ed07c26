import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { callProgram, createProject } from '../../support/call.ts';

const twoMistakes = `version: 1
name: wrong
tasks:
  games: { comand: "true" }
  plays: { command: "true", dependencies: [game] }
`;

const good = createProject('version: 1\nname: good\ntasks:\n  games: { command: "true" }\n');
const wrong = createProject(twoMistakes);

afterAll(() => {
  good.remove();
  wrong.remove();
});

describe('the command line', () => {
  test('prints its version', async () => {
    expect(await good.call(['--version'])).toMatchObject({ code: 0, out: '0.1.0\n', err: '' });
  });

  test.each([
    [['--help']],
    [['run', '--help']],
    [['validate', '--help']],
    [['check', '-h']],
    [['db', '--help']],
    [['db', 'stop', '--help']],
    [['help', 'run']],
  ])('prints its help and its exit codes: %j', async (args) => {
    const { code, out, err } = await good.call(args);
    expect(out).toContain('Usage: etl-tui');
    expect(out).toContain('\nExit codes:\n  0            everything succeeded (warnings allowed)\n');
    expect(out).toContain('\n  129 130 143  stopped by SIGHUP, SIGINT, SIGTERM\n');
    expect(err).toBe('');
    expect(code).toBe(0);
  });

  test.each([
    [['run', '--sequental'], 'error[usage/unknown-option]: unknown option "--sequental"', 'did you mean --sequential?'],
    [['--dry-rnu'], 'error[usage/unknown-option]: unknown option "--dry-rnu"', 'did you mean --dry-run?'],
    [
      ['validte'],
      'error[usage/bad-argument]: "validte" is not a command or a file',
      'did you mean "etl-tui validate"?',
    ],
    [['xyzzy'], 'error[usage/bad-argument]: "xyzzy" is not a command or a file', 'see etl-tui --help'],
    [['db', 'strat'], 'error[usage/bad-argument]: unknown command "strat"', 'did you mean start?'],
    [['-j', 'many'], 'must be a whole number, at least 1, or auto, not "many"', 'see etl-tui run --help'],
    [['-j', '0'], 'must be a whole number, at least 1, or auto, not "0"', 'see etl-tui run --help'],
    [
      ['-p', 'novalue'],
      '-p, --param must be NAME=VALUE, or a NAME whose value is in the environment variable ETL_PARAM_NAME\n',
      'see etl-tui run --help',
    ],
    [['-p', 'hidden\nnovalue'], 'bad-argument]: -p, --param must be NAME=VALUE\n', 'see etl-tui run --help'],
    [['--only', ','], '--only must be names, with commas between them, not ","', 'see etl-tui run --help'],
    [['--reporter', 'xml'], '--reporter must be plain, json or github, not "xml"', 'see etl-tui run --help'],
    [['graph', '--format', 'mermiad'], '--format must be text, mermaid, dot or json', 'did you mean mermaid?'],
    [['completion', 'bsh'], 'SHELL must be bash, zsh or fish, not "bsh"', 'did you mean bash?'],
    [
      ['help', 'validte'],
      'error[usage/bad-argument]: "validte" is not a command',
      'did you mean "etl-tui help validate"?',
    ],
    [['run', 'a.yaml', 'b.yaml'], 'too many arguments', 'see etl-tui run --help'],
    [['verify', '--ignore', 'a b'], 'error[usage/bad-argument]: --ignore cannot be "a b"', 'TABLE.* for a whole table'],
    [['verify', '--kills', '0'], '--kills must be a whole number, at least 1', 'see etl-tui verify --help'],
    [['verify', '--seed', 'x'], '--seed must be a whole number of at most 9 digits', 'see etl-tui verify --help'],
    [['verify', '--only', 'game'], 'error[plan/unknown-task]: --only names a task "game"', 'did you mean "games"?'],
    [['verify', '--no-parallel', '--no-order', '--no-twice', '--no-kill'], 'there is nothing to prove', ''],
    [['worker', '--root', 'absent'], '--root absent: there is no such directory', 'the project on this machine'],
    [['worker', '--name', ' '], '--name must have 1 to 100 characters', 'see etl-tui worker --help'],
    [['worker', '--allow', ','], '--allow must be names, with commas between them', 'see etl-tui worker --help'],
    [['absent.yaml'], 'error[usage/no-pipeline]: there is no file "absent.yaml"', ''],
    [['--only', 'gamse'], 'error[plan/unknown-task]', 'did you mean "games"?'],
    [['-p', 'season=1'], 'error[plan/unknown-param]', ''],
  ])('refuses %j with exit code 2, and suggests what was meant', async (args, message, hint) => {
    const { code, out, err } = await good.call(args);
    expect(err).toContain(message);
    expect(err).toContain(hint);
    expect(out).toBe('');
    expect(code).toBe(2);
    expect(existsSync(join(good.directory, 'logs'))).toBe(false);
  });

  test('shows the commands of db when none is given', async () => {
    const { code, err } = await good.call(['db']);
    expect(err).toContain('status');
    expect(code).toBe(2);
  });

  test('says where it searched for a pipeline', async () => {
    const { call, remove } = createProject('', 'unrelated.txt');
    const { code, err } = await call(['validate']);
    remove();
    expect(err).toContain('neither etl/config/pipeline_dag.yaml nor pipeline.yaml');
    expect(code).toBe(2);
  });
});

describe('validate', () => {
  test('prints every mistake with its place and exits with 2', async () => {
    const { code, out } = await wrong.call(['validate']);
    expect(out).toContain('pipeline.yaml:4:12: error[spec/unknown-key]: a task has no key "comand"');
    expect(out).toContain(
      '    4 │   games: { comand: "true" }\n      │            ^^^^^^\n  hint: did you mean "command"?\n',
    );
    expect(out).toContain('pipeline.yaml:5:44: error[plan/unknown-task]');
    expect(out).toMatch(/✗ pipeline\.yaml: \d errors\n$/);
    expect(code).toBe(2);
  });

  test('says so when the file has no mistake', async () => {
    expect(await good.call(['validate', 'pipeline.yaml'])).toMatchObject({
      code: 0,
      out: '✓ pipeline.yaml is valid: 1 task\n',
    });
  });

  test('in JSON prints one document', async () => {
    const { code, out } = await wrong.call(['validate', '--format', 'json']);
    const { file, valid, diagnostics } = JSON.parse(out);
    expect({ file, valid }).toEqual({ file: 'pipeline.yaml', valid: false });
    expect(diagnostics[0]).toMatchObject({ code: 'spec/unknown-key', at: { line: 4, col: 12, length: 6 } });
    expect(code).toBe(2);
    const absent = await wrong.call(['validate', 'absent.yaml', '--format', 'json']);
    expect(JSON.parse(absent.out)).toMatchObject({ valid: false, diagnostics: [{ code: 'usage/no-pipeline' }] });
  });

  test('and run find the pipeline of a project from a directory inside it', async () => {
    const inside = join(good.directory, 'deep/inside');
    mkdirSync(inside, { recursive: true });
    const { out, code } = await callProgram(inside, ['validate']);
    expect(out).toBe(`✓ ${join(good.directory, 'pipeline.yaml')} is valid: 1 task\n`);
    expect(code).toBe(0);
  });
});

describe('a dry run', () => {
  test('prints what would run and starts nothing', async () => {
    const chain = createProject(
      'version: 1\nname: chain\ntasks:\n  a: { command: "touch a.txt" }\n  b: { command: "true", dependencies: [a] }\n  c: { command: "true", dependencies: [b] }\n',
    );
    const { code, out } = await chain.call(['--dry-run', '--skip', 'b']);
    expect(out).toContain(
      'chain: 2 tasks in 2 waves, as many at once as the machine allows; a dry run, nothing is run\n',
    );
    expect(out).toContain('wave 1  1 task\n  a\n');
    expect(out).toContain('skipped with --skip\n  b\n');
    expect(code).toBe(0);
    expect(existsSync(join(chain.directory, 'a.txt')) || existsSync(join(chain.directory, 'logs'))).toBe(false);
    expect((await wrong.call(['--dry-run'])).code).toBe(2);
    chain.remove();
  });

  test('says that a gate runs at the start when the tasks it waits for are not selected', async () => {
    const gated = createProject(
      'version: 1\nname: gated\ntasks:\n  load: { command: "true" }\n  mart: { command: "true", dependencies: [load] }\nchecks:\n  - { name: sane, sql: SELECT 0, after: [load], gate: true }\n',
    );
    const { out } = await gated.call(['--dry-run', '--only', 'mart']);
    expect(out).toContain('checks\n  sane: at the start, before mart\n');
    expect((await gated.call(['run', '.', '--dry-run'])).out).toContain('  sane: after load, before mart\n');
    expect((await gated.call(['-j', '0'])).err).toContain(
      '-j, --max-parallel must be a whole number, at least 1, or auto, not "0"',
    );
    gated.remove();
  });

  test('in JSON is one line', async () => {
    const { code, out } = await good.call(['--dry-run', '--reporter', 'json', '-j', '3']);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(out)).toEqual({
      type: 'run.planned',
      pipeline: 'good',
      planHash: expect.stringMatching(/^[0-9a-f]{16}$/),
      maxParallel: 3,
      sequential: false,
      counts: { tasks: 1, for_many_values: 0, instances: 0, instances_known: true },
      tasks: [{ task: 'games', wave: 1, rank: 1, after: [] }],
      skipped: [],
      checks: [],
    });
    expect(code).toBe(0);
  });

  test('of ten thousand tasks is printed within its time limit', async () => {
    const tasks = Array.from(
      { length: 10_000 },
      (_, at) => `  t${at}: { command: "true"${at < 100 ? '' : `, dependencies: [t${at - 100}]`} }\n`,
    );
    const big = createProject(`version: 1\nname: big\ntasks:\n${tasks.join('')}`);
    const started = performance.now();
    const { code, out } = await big.call(['--dry-run']);
    big.remove();
    expect(out).toContain('big: 10,000 tasks in 100 waves');
    expect(code).toBe(0);
    expect(performance.now() - started).toBeLessThan(100_000);
  });
});

describe('a file with ten thousand mistakes of one kind', () => {
  const many = createProject(
    `tasks: { a: { command: x }, b: { command: x, dependencies: [${'a, '.repeat(40_000)}] } }\n`,
  );
  afterAll(() => many.remove());

  test('is reported in a few lines, with the number of the remaining ones', async () => {
    const { code, out } = await many.call(['validate']);
    expect(out).toContain('error[spec/bad-value]: and 39,979 more of this kind');
    expect(out).toMatch(/✗ pipeline\.yaml: 39,999 errors\n$/);
    expect(out.length).toBeLessThan(20_000);
    expect(code).toBe(2);
  });

  test('is counted in JSON too', async () => {
    const { out } = await many.call(['validate', '--format', 'json']);
    const { diagnostics } = JSON.parse(out) as { readonly diagnostics: readonly { readonly more?: number }[] };
    expect(diagnostics).toHaveLength(21);
    expect(diagnostics[20]).toMatchObject({ code: 'spec/bad-value', more: 39_979 });
  });
});
