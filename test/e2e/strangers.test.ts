import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeRecord } from '../../src/engine/storage/journal/journal-record.ts';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Project } from './command-line.ts';

const pipeline = `
version: 1
name: nightly
tasks:
  load: { command: "if [ -e again ]; then exit 0; fi; touch again; sleep 300", kill_grace: 1s }
`;

let project: Project;
let stranger: ChildProcess & { readonly pid: number };
beforeEach(() => {
  project = createProject(pipeline);
  // It leads a group of its own, so that a signal for the group would end it as well.
  stranger = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' }) as typeof stranger;
});
afterEach(() => {
  stranger.kill('SIGKILL');
  project.remove();
});

/** Has a run killed while its task runs, waits until nothing of it is left, and writes the stranger's pid wherever one stands. */
async function leaveStaleRecords(
  change: (record: Record<string, unknown>) => Record<string, unknown>,
): Promise<string> {
  const { child, says, ended } = project.start(['run']);
  await says('started');
  const logs = join(project.directory, 'logs/etl/runs');
  const run = readdirSync(logs)[0] ?? '';
  const journal = join(logs, run, 'journal.jsonl');
  await expect.poll(() => readFileSync(journal, 'utf8')).toContain('task.spawned');
  await expect.poll(() => existsSync(join(project.directory, 'again'))).toBe(true);
  child.kill('SIGKILL');
  await ended;
  const records = readFileSync(journal, 'utf8').trimEnd().split('\n');
  const forged = records.map((line, index) => {
    const { seq: _, crc: __, ...body } = JSON.parse(line) as Record<string, unknown>;
    return encodeRecord(index, 'pid' in body ? { ...body, pid: stranger.pid } : body);
  });
  writeFileSync(journal, forged.join(''));
  const state = join(project.directory, '.etl-tui');
  const files = [join(logs, run, 'owner.json'), ...readdirSync(state).map((name) => join(state, name))];
  for (const file of files.filter(holdsPid)) {
    const record = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify(change({ ...record, pid: stranger.pid })));
  }
  return readFileSync(journal, 'utf8');
}

function holdsPid(file: string): boolean {
  try {
    return 'pid' in (JSON.parse(readFileSync(file, 'utf8')) as object);
  } catch {
    return false;
  }
}

test.each([
  ['from another boot', { boot: 'another' }, ['run']],
  ['of a process that began at another time', { startTime: '1' }, ['run']],
  ['which is resumed', { boot: 'another' }, ['run', '--resume']],
])('a process whose pid stands in the records of a dead run, %s, is left alone', async (_, difference, args) => {
  const journal = await leaveStaleRecords((record) => ({ ...record, ...difference }));
  expect(journal).toContain(`"pid":${stranger.pid}`);
  const ended = await project.call(args);
  expect(ended.out).toContain('nightly succeeded');
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [0] });
  expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
});
