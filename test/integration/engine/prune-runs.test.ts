import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EpochMs, RunId } from '../../../src/engine/model/ids.ts';
import { ownIdentity } from '../../../src/engine/platform/process-identity.ts';
import type { PerformanceRecord } from '../../../src/engine/results/files/performance-record.ts';
import { listRuns } from '../../../src/engine/runs/list-runs.ts';
import { type PruneRequest, pruneRuns } from '../../../src/engine/runs/pruning/prune-runs.ts';
import { startHeartbeat } from '../../../src/engine/storage/runs/heartbeat.ts';
import { lockRun } from '../../../src/engine/storage/runs/run-lock.ts';
import { runPaths } from '../../../src/engine/storage/runs/run-paths.ts';
import { recordOfDay } from '../../support/performance-records.ts';
import { freshLogDir, storeRun } from './store-run.ts';

const now = Date.UTC(2026, 0, 20) as EpochMs;

/** Runs of the 1st, the 2nd, … of January with everything that a run writes. */
async function storeRuns(logDir: string, count: number, pipeline = 'nfl'): Promise<readonly RunId[]> {
  const text = `version: 1\nname: ${pipeline}\ntasks:\n  games: { command: "true" }\n`;
  const runs = Array.from({ length: count }, (_, at) => {
    return `202601${String(at + 1).padStart(2, '0')}_000000_${pipeline.padEnd(4, 'x').slice(0, 4)}` as RunId;
  });
  for (const run of runs) {
    await storeRun(logDir, text, (played) => played.exit('games'), { run });
    writeResults(logDir, run, { pipeline });
  }
  return runs;
}

function writeResults(logDir: string, run: RunId, more: Partial<PerformanceRecord>) {
  const paths = runPaths(logDir, run);
  const record = recordOfDay(0, { games: 1 }, { run_id: run, ...more });
  for (const path of [paths.result, paths.consistency, paths.performance]) writeFileSync(path, JSON.stringify(record));
}

/** What is left of a run: its directory, its results, its record. */
function leftOf(logDir: string, run: RunId): string {
  const { directory, result, consistency, performance } = runPaths(logDir, run);
  const parts = { directory, result, consistency, record: performance };
  return Object.entries(parts)
    .filter(([, path]) => existsSync(path))
    .map(([name]) => name)
    .join(' ');
}

const whole = 'directory result consistency record';

function prune(logDir: string, request: Partial<PruneRequest>) {
  return pruneRuns({ logDir, retention: { keepRuns: 1 }, now, ...request });
}

describe('pruning', () => {
  it('deletes directories and results of old runs, keeps their records, and says what that freed', async () => {
    const logDir = freshLogDir();
    const runs = await storeRuns(logDir, 4);
    const report = await prune(logDir, { retention: { keepRuns: 2 } });
    expect(runs.map((run) => leftOf(logDir, run))).toEqual(['record', 'record', whole, whole]);
    expect(report).toMatchObject({ kept: 2, running: [], errors: [] });
    expect(report.deleted.map(({ run_id }) => run_id)).toEqual(runs.slice(0, 2));
    expect(report.freed_bytes).toBe(report.deleted.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(report.deleted.every(({ bytes }) => bytes > 1000)).toBe(true);
    expect((await listRuns(logDir, 10, now)).map(({ run }) => run)).toEqual(runs);
    expect(readdirSync(join(logDir, 'runs')).sort()).toEqual(runs.slice(2));
  });

  it('by age and by size finds the same runs as by number', async () => {
    const logDir = freshLogDir();
    const runs = await storeRuns(logDir, 4);
    const due = async (retention: PruneRequest['retention']) =>
      (await prune(logDir, { retention, dryRun: true })).deleted.map(({ run_id }) => run_id);
    expect(await due({ olderThanMs: 17.5 * 86_400_000 })).toEqual(runs.slice(0, 2));
    const [{ bytes } = { bytes: 0 }] = (await prune(logDir, { dryRun: true })).deleted;
    expect(await due({ maxBytes: Math.round(2.5 * bytes) })).toEqual(runs.slice(0, 2));
    expect(runs.map((run) => leftOf(logDir, run))).toEqual([whole, whole, whole, whole]);
  });

  it('of one pipeline leaves the runs of all others', async () => {
    const logDir = freshLogDir();
    const [nfl, shop] = [await storeRuns(logDir, 3), await storeRuns(logDir, 3, 'shop')];
    await prune(logDir, { pipeline: 'nfl' });
    expect(nfl.map((run) => leftOf(logDir, run))).toEqual(['record', 'record', whole]);
    expect(shop.map((run) => leftOf(logDir, run))).toEqual([whole, whole, whole]);
  });

  it('leaves a run that a process carries out, here or on another host', async () => {
    const logDir = freshLogDir();
    const [here, there, dead] = (await storeRuns(logDir, 4)) as [RunId, RunId, RunId];
    const { stop } = startHeartbeat(runPaths(logDir, here).directory);
    const sign = (run: RunId, other: object) =>
      writeFileSync(
        join(runPaths(logDir, run).directory, 'owner.json'),
        JSON.stringify({ ...ownIdentity(), ...other }),
      );
    sign(there, { host: 'elsewhere' });
    sign(dead, { boot: 'another' });
    const report = await prune(logDir, {});
    stop();
    expect(report.running).toEqual([here, there]);
    expect([here, there, dead].map((run) => leftOf(logDir, run))).toEqual([whole, whole, 'record']);
  });

  it('leaves a run that has only begun, and deletes one that has left nothing else for long', async () => {
    const logDir = freshLogDir();
    const [, run] = (await storeRuns(logDir, 2)) as [RunId, RunId];
    const begun = '20260101_120000_aaaa' as RunId;
    mkdirSync(runPaths(logDir, begun).directory);
    const later = (minutes: number) => (Date.UTC(2026, 0, 1, 12) + minutes * 60_000) as EpochMs;
    expect((await prune(logDir, { now: later(1) })).running).toEqual([begun]);
    expect((await prune(logDir, { now: later(20) })).deleted.map(({ run_id }) => run_id)).toEqual([begun]);
    expect(leftOf(logDir, run)).toBe(whole);
  });

  it('deletes the record of a run in which nothing ran as well', async () => {
    const logDir = freshLogDir();
    const [run] = (await storeRuns(logDir, 2)) as [RunId];
    const results = recordOfDay(0, { games: { seconds: 0, status: 'cancelled', attempts: 0 } }).results;
    writeResults(logDir, run, { status: 'cancelled', results });
    await prune(logDir, {});
    expect(leftOf(logDir, run)).toBe('');
  });

  it('never deletes the run that it is told to spare', async () => {
    const logDir = freshLogDir();
    const [first, second] = (await storeRuns(logDir, 2)) as [RunId, RunId];
    await prune(logDir, { retention: { olderThanMs: 1000 }, spared: second });
    expect([first, second].map((run) => leftOf(logDir, run))).toEqual(['record', whole]);
  });

  it('completes what was cut off, and gives back a run that was taken up again meanwhile', async () => {
    const logDir = freshLogDir();
    const [cut, taken, last] = (await storeRuns(logDir, 3)) as [RunId, RunId, RunId];
    for (const run of [cut, taken]) {
      renameSync(runPaths(logDir, run).directory, join(logDir, 'runs', `.deleted-${run}`));
    }
    const { stop } = startHeartbeat(join(logDir, 'runs', `.deleted-${taken}`));
    await prune(logDir, {});
    stop();
    expect([cut, taken, last].map((run) => leftOf(logDir, run))).toEqual(['record', whole, whole]);
  });

  it('does not follow links out of the log directory', async () => {
    const logDir = freshLogDir();
    const elsewhere = freshLogDir();
    writeFileSync(join(elsewhere, 'precious'), '');
    await storeRuns(logDir, 1);
    symlinkSync(elsewhere, runPaths(logDir, '20250101_000000_aaaa' as RunId).directory);
    expect((await prune(logDir, {})).deleted).toHaveLength(1);
    expect(readdirSync(elsewhere)).toEqual(['precious']);
    expect(readdirSync(join(logDir, 'runs'))).toHaveLength(1);
  });

  it('finds nothing where there is nothing', async () => {
    const report = await prune(join(freshLogDir(), 'absent'), {});
    expect(report).toEqual({ deleted: [], freed_bytes: 0, kept: 0, running: [], errors: [] });
  });
});

describe('a run whose screen is still open', () => {
  it('is not taken up again when its logs were deleted meanwhile', async () => {
    const logDir = freshLogDir();
    const [run] = (await storeRuns(logDir, 2)) as [RunId];
    const lock = lockRun({ pipeline: 'nfl', projectDir: freshLogDir(), env: {} }, run);
    if (!lock.ok) throw new Error(lock.error.message);
    lock.value.startHeartbeat(runPaths(logDir, run).directory);
    lock.value.release();
    await prune(logDir, {});
    expect(lock.value.reacquire()?.message).toBe(`the logs of run ${run} have been deleted`);
  });
});
