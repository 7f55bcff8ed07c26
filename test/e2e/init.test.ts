import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Ended, program, startCommand, startProgram } from './command-line.ts';

let root = '';
/** Where the program is called `etl-tui`, as after an installation. */
let bin = '';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'etl-tui-init-'));
  bin = join(root, 'bin');
  mkdirSync(bin);
  symlinkSync(program, join(bin, 'etl-tui'));
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

function call(args: readonly string[], cwd = root, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return startProgram(args, cwd, env).ended;
}

/** All files below a directory but what runs leave. */
function filesOf(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .filter((path) => !/^(\.etl-tui|logs|build|data|handoffs|reports)\//.test(path))
    .sort();
}

const ofEach = ['.github/workflows/etl.yaml', '.gitignore', 'README.md', 'pipeline.schema.json', 'pipeline.yaml'];

describe.each(['minimal', 'postgres', 'python', 'nfl'])('the template %s', (template) => {
  const directory = () => join(root, `the shop ${template}`);

  test('is written with its README, its workflow and its schema', async () => {
    const { code, out, err } = await call(['init', `the shop ${template}`, '--template', template]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`cd 'the shop ${template}'`);
    const files = filesOf(directory());
    expect(files).toEqual(expect.arrayContaining(ofEach));
    for (const file of files) expect(out).toContain(file);
    const text = (name: string) => readFileSync(join(directory(), name), 'utf8');
    expect(text('pipeline.yaml')).toMatch(/^# yaml-language-server: \$schema=pipeline\.schema\.json\n/);
    expect(text('README.md')).toContain(`cd '${directory()}'`);
    expect(text('README.md')).toContain(`WorkingDirectory=${directory()}\n`);
    for (const file of files)
      expect([file, text(file)]).not.toEqual([file, expect.stringMatching(/my-pipeline|<!--|\/path\/to|@latest/)]);
  });

  test('is valid without a warning', async () => {
    const { code, out } = await call(['validate'], directory());
    expect([code, out]).toEqual([0, expect.stringMatching(/✓ pipeline\.yaml is valid: \d+ tasks.*, \d+ checks\n$/)]);
  });

  // That the refresh runs is found out in the test of the installed package.
  test.skipIf(template === 'nfl')(
    'runs in CI as its workflow says, at once, and every task and check is green',
    async () => {
      const workflow = parse(readFileSync(join(directory(), '.github/workflows/etl.yaml'), 'utf8')) as {
        readonly jobs: { readonly etl: { readonly steps: readonly { readonly run?: string }[] } };
      };
      const lines = workflow.jobs.etl.steps.flatMap(({ run }) =>
        run === undefined || run.startsWith('npm ') ? [] : run,
      );
      expect(lines).toHaveLength(3);
      const script = lines.join('\n');
      const path = `${bin}:${process.env['PATH']}`;
      const { code, out } = await startCommand('bash', ['-exc', script], directory(), { PATH: path }).ended;
      expect([code, out]).toEqual([0, expect.stringMatching(/ succeeded in /)]);
      expect(readFileSync(join(directory(), 'reports/etl.xml'), 'utf8')).toContain('failures="0"');
      expect(readFileSync(join(directory(), 'reports/etl.html'), 'utf8')).toContain('</html>');
    },
  );

  test('has git ignore what runs leave behind', () => {
    const git = (...args: readonly string[]) => spawnSync('git', ['-C', directory(), ...args], { encoding: 'utf8' });
    git('init', '--quiet');
    const seen = git('status', '--porcelain', '--untracked-files=all', '--no-renames').stdout.trim().split('\n');
    expect(seen.map((line) => line.slice(3)).sort()).toEqual(
      filesOf(directory()).filter((path) => !path.startsWith('.git/')),
    );
  });
});

describe('the units for systemd in the README', () => {
  test.skipIf(spawnSync('systemd-analyze', ['--version']).status !== 0)('are what systemd expects', async () => {
    const project = join(root, 'timed');
    await call(['init', 'timed']);
    const units = [...readFileSync(join(project, 'README.md'), 'utf8').matchAll(/```ini\n([\s\S]*?)```/g)];
    const files = ['timed.service', 'timed.timer'].map((name) => join(project, name));
    for (const [index, file] of files.entries()) writeFileSync(file, units[index]![1]!);
    const { stderr, status } = spawnSync('systemd-analyze', ['verify', ...files], { encoding: 'utf8' });
    expect([status, stderr.split('\n').filter((line) => line.includes('timed.'))]).toEqual([0, []]);
  });
});

test('the line for cron runs the pipeline with the little that cron gives, and says only a failure', async () => {
  await call(['init', '100% sure']);
  const project = join(root, '100% sure');
  const [, line = ''] = /```cron\n(.*)\n```/.exec(readFileSync(join(project, 'README.md'), 'utf8')) ?? [];
  // cron takes a bare % for the end of the command, and gives the rest to it as input.
  expect(line).not.toMatch(/(?<!\\)%/);
  const command = line
    .replace(/^(\S+ ){5}/, '')
    .replaceAll('\\%', '%')
    .replace('PATH="', `PATH="${bin}:`);
  const run = () => spawnSync('sh', ['-c', command], { encoding: 'utf8', env: { HOME: root, PATH: '/usr/bin:/bin' } });
  expect(run()).toMatchObject({ stdout: '', stderr: '' });
  expect(readFileSync(join(project, 'cron.log'), 'utf8')).toContain('succeeded in');
  rmSync(join(project, 'scripts'), { recursive: true });
  writeFileSync(join(project, 'pipeline.yaml'), 'version: 1\ntasks: { a: { command: "false" } }\n');
  expect(run()).toMatchObject({ stdout: '100-sure: exit code 1\n', stderr: '' });
});

test('nothing is overwritten: what is in the way is named, and nothing is written', async () => {
  const directory = join(root, 'taken');
  mkdirSync(directory);
  writeFileSync(join(directory, 'README.md'), 'mine\n');
  symlinkSync('nowhere', join(directory, '.gitignore'));
  const { code, err } = await call(['init'], directory);
  expect(code).toBe(2);
  expect(err).toMatch(
    /error\[usage\/in-the-way\]: nothing was written: these are already there: .*\.gitignore, README\.md\n/,
  );
  expect(err).toContain('etl-tui init --keep');
  expect(readdirSync(directory).sort()).toEqual(['.gitignore', 'README.md']);
});

test('with --keep the rest is written beside what is there', async () => {
  const directory = join(root, 'kept');
  mkdirSync(directory);
  writeFileSync(join(directory, 'README.md'), 'mine\n');
  const { code, out } = await call(['init', '--keep'], directory);
  expect([code, out]).toEqual([0, expect.stringContaining('kept: README.md\n')]);
  expect(readFileSync(join(directory, 'README.md'), 'utf8')).toBe('mine\n');
  expect((await call(['--ci'], directory)).code).toBe(0);
});

test.each([['pipeline.yaml'], ['etl/config/pipeline_dag.yaml']])(
  'a project that has %s is left as it is',
  async (file) => {
    const directory = mkdtempSync(join(root, 'project-'));
    mkdirSync(join(directory, file, '..'), { recursive: true });
    writeFileSync(join(directory, file), 'version: 1\n');
    for (const keep of [[], ['--keep']]) {
      const { code, err } = await call(['init', ...keep], directory);
      expect([code, err]).toEqual([2, expect.stringContaining(`already there: ${file}\n`)]);
    }
    expect(filesOf(directory)).toEqual([file]);
  },
);

test('a file in the place of the directory is named', async () => {
  writeFileSync(join(root, 'occupied'), '');
  const { code, err } = await call(['init', 'occupied']);
  expect([code, err]).toEqual([2, expect.stringContaining('nothing was written: "occupied" is not a directory')]);
});

test.each([
  ['the name of a directory below a file', 'file/below', 3, 'a part of the path is not a directory'],
  ['a name longer than any may be', 'x'.repeat(300), 3, 'the name is too long'],
  ['an empty name', '', 2, 'the name of the directory is empty'],
])('%s is an error with what to do', async (_, name, exitCode, reason) => {
  const directory = mkdtempSync(join(root, 'obstacle-'));
  writeFileSync(join(directory, 'file'), '');
  const { code, err } = await call(['init', name], directory);
  expect([code, err]).toEqual([exitCode, expect.stringContaining(reason)]);
  expect(filesOf(directory)).toEqual(['file']);
});

test.skipIf(process.platform !== 'linux')('a place that cannot be written to is named', async () => {
  const { code, err } = await call(['init', '/proc/etl']);
  expect([code, err]).toEqual([3, expect.stringContaining('Cannot write "/proc/etl')]);
});

test('without python3, the template for it says so before its first task', async () => {
  const directory = join(root, 'no python');
  await call(['init', 'no python', '--template', 'python']);
  const few = mkdtempSync(join(root, 'few-'));
  for (const name of ['bash', 'sh', 'node', 'env', 'mkfifo', 'cat', 'rm', 'sleep', 'mkdir', 'ps', 'kill']) {
    const found = spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim();
    if (found !== '') symlinkSync(found, join(few, name));
  }
  const { code, err, out } = await call(['--ci'], directory, { PATH: few });
  expect(code).toBe(1);
  expect(err).toContain('warning[run/command-not-found]: command not found: python3');
  expect(out).toContain('python3');
});

test('in an empty directory the program says how to begin', async () => {
  const directory = mkdtempSync(join(root, 'empty-'));
  const { code, err } = await call([], directory);
  expect([code, err]).toEqual([2, expect.stringContaining('hint: create one with "etl-tui init"')]);
});

test('called by npx, it names npx', async () => {
  const { out } = await call(['init', 'by npx'], root, { npm_command: 'exec' });
  expect(out).toContain('  npx etl-tui ');
});
