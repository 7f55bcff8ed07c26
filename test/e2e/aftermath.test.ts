import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { RunId } from '../../src/engine/model/ids.ts';
import { lockRun } from '../../src/engine/storage/runs/run-lock.ts';
import { runPaths } from '../../src/engine/storage/runs/run-paths.ts';
import { type Aftermath, findProblems } from '../support/aftermath.ts';
import { createProject, type Ended, type Project, startProgram } from './command-line.ts';

const pipeline = `version: 1
name: small
defaults: { retries: 1, backoff: { initial: 10ms } }
tasks:
  flaky: { command: "echo trying; test $ETL_ATTEMPT = 2" }
  mart: { command: "echo built", dependencies: [flaky] }
checks:
  - { name: enough, command: "echo 7", expect: 7 }
`;

/** A run that succeeded; every test spoils a copy of its own. */
let original: Project;
let ended: Ended;
let run: RunId;
let directory: string;
beforeAll(async () => {
  original = createProject(pipeline);
  ended = await original.call(['run', '--ci']);
  run = readdirSync(join(original.directory, 'logs/etl/runs'))[0] as RunId;
});
afterAll(() => original.remove());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'etl-tui-spoilt-'));
  cpSync(original.directory, directory, { recursive: true });
});
afterEach(() => rmSync(directory, { recursive: true }));

const paths = () => runPaths(join(directory, 'logs/etl'), run);
const problems = (more: Partial<Aftermath> = {}) => findProblems({ directory, ended, settleWithinMs: 300, ...more });

/** A process that would live on, as a task of the run might leave it. */
function plant(options: { readonly cwd: string; readonly mark?: string }): void {
  const env = { ...process.env, ...(options.mark === undefined ? {} : { ETL_TUI_MARK: options.mark }) };
  const child = spawn('sleep', ['300'], { cwd: options.cwd, env, stdio: 'ignore' });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
}

function change(path: string, from: string | RegExp, to: string): void {
  const before = readFileSync(path, 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

describe('what tests ask after every fault', () => {
  test('holds after a run that nothing happened to', async () => {
    expect(await problems({ exitCodes: [0], canaries: ['canary-of-nobody'] })).toEqual([]);
  });

  test('sees a run that does not end', async () => {
    const never = new Promise<Ended>(() => {});
    expect(await problems({ ended: never, withinMs: 50 })).toEqual(['it has not ended within 0.05s']);
  });

  test.each([
    ['the exit code of a bug', { code: 70 }, /ended with 70, which is not in the table/],
    ['a crash', { code: null, signal: 'SIGSEGV' }, /ended with SIGSEGV, which/],
    ['another exit code than it was to have', { code: 3 }, /ended with 3 and not with 0/],
    ['a stack trace', { err: 'Error: x\n    at open (/x/main.js:12:3)\n' }, /standard error shows "at open/],
    ['the report of a bug', { err: 'This is a bug in etl-tui 0.1.0' }, /it reported a bug/],
  ])('sees %s', async (_, how, problem) => {
    const found = await problems({ ended: { ...ended, ...how }, exitCodes: [0] });
    expect(found).toEqual([expect.stringMatching(problem)]);
  });

  test.each([
    [
      'by its mark, wherever it works',
      () => ({ cwd: '/', mark: `0123/${run}/mart/1/5000` }),
      /lives \(of "mart"\): sleep 300/,
    ],
    ['by its directory, without any mark', () => ({ cwd: directory }), /process \d+ still lives: sleep 300/],
  ])('sees a surviving process %s', async (_, where, problem) => {
    plant(where());
    expect(await problems()).toEqual([expect.stringMatching(problem)]);
  });

  test('leaves alone a process of another run', async () => {
    plant({ cwd: '/', mark: '0123/20260105_120000_none/mart/1/5000' });
    expect(await problems()).toEqual([]);
  });

  test('sees a path that is named and not there', async () => {
    rmSync(join(paths().tasks, 'mart'), { recursive: true });
    rmSync(paths().consistency);
    const named = `${ended.out}\n  ${join('logs/etl/runs', run, 'tasks/mart/1.log')}\n`;
    expect(await problems({ ended: { ...ended, out: named } })).toEqual([
      expect.stringMatching(/names ".*consistency_.*\.json", which is not there/),
      expect.stringMatching(/names ".*mart\/1\.log", which is not there/),
      expect.stringMatching(/its consistency file is not there, and nobody was told/),
    ]);
  });

  test('sees a lock that is held', async () => {
    const lock = await lockRun({ pipeline: 'small', projectDir: directory, env: {} }, run);
    if (!lock.ok) throw new Error(lock.error.message);
    const found = await problems();
    await lock.value.release();
    expect(found).toEqual([expect.stringMatching(/the lock of "small" cannot be taken/)]);
  });

  test('sees a result file that is not what the journal says', async () => {
    change(paths().result, '"status": "success"', '"status": "failed"');
    change(paths().consistency, '"status": "pass"', '"status": "fail"');
    expect(await problems()).toEqual([
      expect.stringMatching(/its result file is not what .* says: status is "failed" and not "success"/),
      expect.stringMatching(/its consistency file is not what .* says: status is "fail" and not "pass"/),
    ]);
  });

  test('sees a result that was lost, and a journal without its end', async () => {
    rmSync(paths().result);
    const silent = { ...ended, out: `run ${run}` };
    expect(await problems({ ended: silent })).toEqual([expect.stringMatching(/its result file is not there/)]);
    truncateSync(paths().journal, readFileSync(paths().journal, 'utf8').indexOf('{"seq":3'));
    expect(await problems({ ended: silent })).toEqual([
      expect.stringMatching(/its journal has no end \(interrupted\)/),
    ]);
  });

  test('accepts a result that is missing when that was told', async () => {
    rmSync(paths().result);
    const told = { code: 1, out: `run ${run}`, err: `error[run/cannot-write]: Cannot write "${paths().result}": full` };
    expect(await problems({ ended: told })).toEqual([]);
  });

  test('sees half-written files and what exists only during a run', async () => {
    writeFileSync(join(directory, 'logs/etl', `.parallel_run_${run}.json.0123.tmp`), '');
    writeFileSync(join(paths().directory, 'owner.json'), '{}');
    expect(await problems()).toEqual([
      expect.stringMatching(/parallel_run_.*\.tmp" was left behind/),
      expect.stringMatching(/owner\.json" was left behind/),
    ]);
  });

  test.each([
    ['as it is', (secret: string) => secret],
    ['in base64', (secret: string) => Buffer.from(`xy${secret}`).toString('base64')],
    ['in hex', (secret: string) => Buffer.from(secret).toString('hex')],
    ['in lines', (secret: string) => `${secret.slice(0, 5)}\n${secret.slice(5)}`],
    ['as a part of a URL', encodeURIComponent],
  ])('sees a secret in a file %s', async (_, shape) => {
    const secret = 'Canary/Tok3n+of the&run';
    writeFileSync(join(paths().tasks, 'mart', '2.log'), `before ${shape(secret)} after`);
    expect(await problems({ canaries: [secret] })).toEqual([expect.stringMatching(/2\.log holds a secret/)]);
  });

  test('sees a secret in what was printed, and not where the test itself wrote it', async () => {
    writeFileSync(join(directory, 'pipeline.yaml'), '# canary-17');
    expect(await problems({ ended: { ...ended, out: `${ended.out}canary-17` }, canaries: ['canary-17'] })).toEqual([
      'standard output holds a secret, as "canary-17"',
    ]);
  });
});

test('a server of the project that nobody uses is seen by what tests ask after every fault', async () => {
  expect((await startProgram(['db', 'start'], directory, {}).ended).code).toBe(0);
  try {
    expect(await problems()).toEqual([]);
    rmSync(join(directory, '.etl-tui/db/keep'));
    expect(await problems()).toEqual([expect.stringMatching(/PostgreSQL \(process \d+\) runs without a user/)]);
    expect(await problems({ isServerKept: true })).toEqual([]);
  } finally {
    await startProgram(['db', 'stop'], directory, {}).ended;
  }
});
