import { readFileSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EpochMs, RunId } from '../../../src/engine/model/ids.ts';
import { findResumableRun } from '../../../src/engine/run/resume/find-resumable-run.ts';
import { listRuns } from '../../../src/engine/runs/list-runs.ts';
import { reportRun } from '../../../src/engine/runs/report-run.ts';
import { encodeRecord } from '../../../src/engine/storage/journal/journal-record.ts';
import { runPaths } from '../../../src/engine/storage/runs/run-paths.ts';
import { freshLogDir, storeRun } from './store-run.ts';

const run = '20260105_120000_test' as RunId;
const now = Date.UTC(2026, 0, 5, 13) as EpochMs;
const pipeline = `name: nfl
tasks:
  games: { command: a }
  odds: { command: b }
`;
let logDir: string;

type Line = { readonly type?: unknown; readonly [key: string]: unknown };

beforeEach(async () => {
  logDir = freshLogDir();
  await storeRun(logDir, pipeline, (it) => {
    it.exit('games');
    it.exit('odds', 1);
  });
});

/** Writes the journal as another version would have. */
function rewrite(change: (records: readonly Line[]) => readonly Line[]): string {
  const path = runPaths(logDir, run).journal;
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const records = lines.map((line) => {
    const { seq: _, crc: __, ...record } = JSON.parse(line) as Line;
    return record;
  });
  const text = change(records)
    .map((record, seq) => encodeRecord(seq, record))
    .join('');
  writeFileSync(path, text);
  return text;
}

describe('a run whose journal a newer version wrote', () => {
  it('that only added to it is told as it was, and what is passed over is named', async () => {
    rewrite(([header, ...events]) => [
      { ...header, minor: 9 },
      ...events.flatMap((event) => [event, { type: 'task.migrated', task: 'games', at: 1 }]),
    ]);
    const report = await reportRun(logDir, run, now);
    if (!report.ok) throw new Error(report.error.message);
    expect(report.value.status).toBe('failed');
    expect(report.value.result.results.map(({ status }) => status)).toEqual(['success', 'failed']);
    const told = report.value.notices.filter(({ code }) => code === 'run/newer-journal');
    expect(told).toMatchObject([{ severity: 'warning', hint: expect.stringContaining('ignored: task.migrated;') }]);
    expect(await listRuns(logDir, 1, now)).toMatchObject([{ status: 'failed', newer: told[0] }]);
  });

  it('of another kind is refused, and left as it is', async () => {
    const text = rewrite(([header, ...events]) => [{ ...header, version: 2 }, ...events]);
    const error = {
      code: 'run/newer-journal',
      severity: 'error',
      message: expect.stringContaining('version 2; this one reads 1'),
    };
    expect(await reportRun(logDir, run, now)).toMatchObject({ error });
    expect(await listRuns(logDir, 1, now)).toMatchObject([{ status: 'unreadable', damage: error }]);
    expect(await findResumableRun({ logDir, pipeline: 'nfl', named: run }, now)).toMatchObject({ error });
    expect(readFileSync(runPaths(logDir, run).journal, 'utf8')).toBe(text);
  });

  it('that tells something unknown of a task is told up to there, and cannot be resumed', async () => {
    const text = rewrite((records) =>
      records.map((record) =>
        record.type === 'task.finished' && record['task'] === 'odds'
          ? { ...record, outcome: { kind: 'lent' } }
          : record,
      ),
    );
    const report = await reportRun(logDir, run, now);
    if (!report.ok) throw new Error(report.error.message);
    expect(report.value.status).toBe('unreadable');
    expect(report.value.result.results.map(({ status, error }) => [status, error])).toEqual([
      ['success', null],
      ['cancelled', 'unknown: a newer etl-tui wrote the journal'],
    ]);
    expect(report.value.notices).toMatchObject([{ code: 'run/newer-journal', severity: 'warning' }]);
    expect(await findResumableRun({ logDir, pipeline: 'nfl', named: run }, now)).toMatchObject({
      error: { code: 'run/newer-journal', severity: 'error' },
    });
    expect(readFileSync(runPaths(logDir, run).journal, 'utf8')).toBe(text);
  });
});
