import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Project } from './command-line.ts';

let project: Project;
afterEach(() => project.remove());

const read = (name: string) => readFileSync(join(project.directory, name), 'utf8').trim();
const runDirs = () => {
  const runs = join(project.directory, 'logs/etl/runs');
  return readdirSync(runs).map((run) => join(runs, run, 'work'));
};

const pipeline = `version: 1
name: files
env: { LIST: "\${env:ETL_RUN_DIR}/list.txt" }
tasks:
  fetch:
    command: 'echo "$ETL_RUN_DIR" > dir.txt; echo a b > "$ETL_RUN_DIR/list.txt"; echo fetch >> ran.txt'
    outputs: [$ETL_RUN_DIR/list.txt, "$ETL_RUN_DIR/*.txt"]
  load: { command: 'cat "$LIST" >> loaded.txt; test -e go', dependencies: [fetch] }
checks:
  - { name: list_is_there, command: 'test -s "$ETL_RUN_DIR/list.txt"' }
`;

test('the tasks of a run find a private directory of its own, which is removed after a success', async () => {
  project = createProject(pipeline);
  writeFileSync(join(project.directory, 'go'), '');
  const ended = await project.call(['run', '--ci']);
  expect([ended.code, ended.err]).toEqual([0, '']);
  expect(read('loaded.txt')).toBe('a b');
  expect(runDirs()).toEqual([read('dir.txt')]);
  expect(existsSync(read('dir.txt'))).toBe(false);
  expect(ended.out).not.toContain('run dir');
  await expectCleanAftermath({ directory: project.directory, ended });
});

test('it is kept after a failure, told, and found as it was by --resume', async () => {
  project = createProject(pipeline);
  const failed = await project.call(['run', '--ci']);
  expect(failed.code).toBe(1);
  const [runDir = ''] = runDirs();
  expect(read('dir.txt')).toBe(runDir);
  expect(statSync(runDir).mode & 0o777).toBe(0o700);
  expect(failed.out).toMatch(/run dir +logs\/etl\/runs\/\w+\/work/);
  expect((await project.call(['show', 'latest'])).out).toMatch(/run dir +logs\/etl\/runs\/\w+\/work/);
  writeFileSync(join(project.directory, 'go'), '');
  const resumed = await project.call(['run', '--ci', '--resume']);
  expect(resumed.code).toBe(0);
  expect(resumed.out).toContain('reused: fetch');
  expect(read('ran.txt')).toBe('fetch');
  expect(existsSync(runDir)).toBe(false);
  await expectCleanAftermath({ directory: project.directory, ended: resumed });
});

test('a task whose output is gone there is run again on --resume, and with the run it is pruned', async () => {
  project = createProject(pipeline);
  await project.call(['run', '--ci']);
  const [runDir = ''] = runDirs();
  const deleted = join(runDir, 'list.txt');
  writeFileSync(deleted, '');
  const resumed = await project.call(['run', '--ci', '--resume']);
  expect(resumed.out).toMatch(/re-run: fetch \(.*\$ETL_RUN_DIR\/list\.txt/);
  expect(read('ran.txt')).toBe('fetch\nfetch');
  expect((await project.call(['prune', '--older-than', '1ms'])).code).toBe(0);
  expect(existsSync(runDir)).toBe(false);
});

test('a run that was killed finds it as it was', async () => {
  project = createProject(pipeline.replace('test -e go', 'until test -e go; do sleep 0.02; done'));
  const run = project.start(['run', '--ci']);
  const loaded = join(project.directory, 'loaded.txt');
  await expect.poll(() => existsSync(loaded) && read('loaded.txt')).toBe('a b');
  run.child.kill('SIGKILL');
  await run.ended;
  const [runDir = ''] = runDirs();
  expect(existsSync(join(runDir, 'list.txt'))).toBe(true);
  writeFileSync(join(project.directory, 'go'), '');
  const resumed = await project.call(['run', '--ci', '--resume']);
  expect([resumed.code, read('ran.txt'), read('loaded.txt')]).toEqual([0, 'fetch', 'a b\na b']);
  expect(existsSync(runDir)).toBe(false);
  await expectCleanAftermath({ directory: project.directory, ended: resumed });
});

test('it is removed when nothing was left in it, however the run ended', async () => {
  project = createProject('version: 1\nname: empty\ntasks: { a: { command: exit 1 } }\n');
  const ended = await project.call(['run', '--ci']);
  expect(ended.code).toBe(1);
  expect(ended.out).not.toContain('run dir');
  expect(runDirs().filter(existsSync)).toEqual([]);
});

test('an output that begins with another variable is a mistake with a hint', async () => {
  project = createProject(`version: 1
tasks:
  a: { command: "true", outputs: ["\${ETL_RUN_DIR}/x.csv", $HOME/y.csv, $ETL_RUN_DIR/z.csv] }
`);
  const ended = await project.call(['validate']);
  expect(ended.code).toBe(2);
  expect(ended.out).toContain('each output may begin with $ETL_RUN_DIR/, not with "${ETL_RUN_DIR}/x.csv"');
  expect(ended.out).toContain('write $ETL_RUN_DIR/ and a path');
  expect(ended.out).toContain('not with "$HOME/y.csv"');
  expect(ended.out).not.toContain('z.csv"');
});
