import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EpochMs, RunId, TaskId } from '../../../../src/engine/model/ids.ts';
import type { RunEvent } from '../../../../src/engine/model/run/run-event.ts';
import { reportRun } from '../../../../src/engine/runs/report-run.ts';
import { continueJournal } from '../../../../src/engine/storage/journal/continue-journal.ts';
import { type JournalContents, readJournal } from '../../../../src/engine/storage/journal/read-journal.ts';
import { runPaths } from '../../../../src/engine/storage/runs/run-paths.ts';
import { freshLogDir, storeRun } from '../store-run.ts';

/**
 * A run whose journal is damaged in every way. With `ETL_TUI_TEST_LONG=1` it is cut at every byte and 2,000 bits are flipped one
 * by one; otherwise at some of them.
 */
const isLong = process.env['ETL_TUI_TEST_LONG'] === '1';
const cutEvery = isLong ? 1 : 61;
const flips = isLong ? 2_000 : 120;

const run = '20260105_120000_test' as RunId;
const pipeline = `name: nfl
tasks:
  games: { command: a, retries: 2, backoff: { initial: 1s } }
  rosters: { command: b, fallback: { command: c, note: of last week } }
  odds: { command: d, timeout: 5s }
  mart: { command: e, dependencies: [games, rosters] }
checks:
  - { name: full, kind: sql, after: [mart], sql: SELECT 1, expect: 1 }
`;

let logDir: string;
let paths: ReturnType<typeof runPaths>;
let original: Buffer;
let whole: readonly RunEvent[];

function read(): JournalContents {
  const reading = readJournal(paths.journal);
  if (!reading.ok) throw new Error(reading.error.message);
  return reading.value;
}

/** Stores a run in which much happened, and remembers its journal. */
async function storeEventfulRun(): Promise<void> {
  logDir = freshLogDir();
  paths = runPaths(logDir, run);
  await storeRun(logDir, pipeline, (it) => {
    it.report('games', { progress: 0.5, message: 'Woche 7 … ✓' });
    it.exit('games', 1);
    it.exit('rosters', 1);
    it.pause();
    it.pass(1_500);
    it.resume();
    it.fire('retry', 'games');
    it.exit('games');
    it.limit(2);
    it.exit('rosters');
    it.skip('odds');
    it.exit('odds', { kind: 'signalled', signal: 'SIGTERM' });
    it.exit('mart');
    it.answer('full', 'warn');
  });
  original = readFileSync(paths.journal);
  whole = read().events;
}

/**
 * How the damaged journal is read: with all that was whole before the damage (`recovered`, when only an incomplete line follows)
 * and told; and that the run can go on from there. Throws when anything else is told.
 */
async function outcomeOf(damaged: Buffer, line: number): Promise<'whole' | 'recovered' | 'stopped'> {
  writeFileSync(paths.journal, damaged);
  rmSync(`${paths.journal}.corrupt`, { force: true });
  const reading = read();
  const before = whole.slice(0, Math.max(0, line - 2));
  expect(reading.events).toEqual(before);
  const report = await reportRun(logDir, run, Date.now() as EpochMs);
  const isFinished = before.at(-1)?.type === 'run.finished';
  if (reading.end.kind !== 'whole' && !isFinished) {
    if (report.ok) {
      expect(['interrupted', 'damaged']).toContain(report.value.status);
      expect(report.value.notices[0]?.message).toContain(`line ${line}`);
      for (const { task, status } of report.value.result.results) {
        if (status === 'success') expect(hasSucceeded(before, task)).toBe(true);
      }
    } else expect(before).toHaveLength(0);
  }
  const continued = continueJournal(paths.journal, reading);
  if (!continued.ok) {
    expect(reading.sound.records).toBe(0);
    expect(readFileSync(paths.journal)).toEqual(damaged);
    return 'stopped';
  }
  const next: RunEvent = { type: 'run.paused', at: 1 as EpochMs };
  await continued.value.append([next]);
  await continued.value.close();
  expect(read()).toMatchObject({ events: [...before, next], end: { kind: 'whole' } });
  if (reading.sound.bytes < damaged.length) {
    expect(readFileSync(`${paths.journal}.corrupt`)).toEqual(damaged.subarray(reading.sound.bytes));
  }
  return reading.end.kind === 'whole' ? 'whole' : reading.end.kind === 'torn' ? 'recovered' : 'stopped';
}

function hasSucceeded(events: readonly RunEvent[], task: TaskId): boolean {
  return events.some(
    (event) => event.type === 'task.finished' && event.task === task && event.outcome.kind === 'succeeded',
  );
}

function tell(what: string, counts: object): void {
  if (isLong) process.stdout.write(`${what}: ${JSON.stringify(counts)}\n`);
}

function lineAt(byte: number): number {
  return original.subarray(0, byte).filter((one) => one === 0x0a).length + 1;
}

describe('the journal of a run', () => {
  it('that is cut at any byte tells exactly what was complete, and goes on from there', {
    timeout: 600_000,
  }, async () => {
    await storeEventfulRun();
    expect(new Set(whole.map(({ type }) => type)).size).toBeGreaterThan(8);
    const counts = { whole: 0, recovered: 0, stopped: 0 };
    for (let size = 1; size <= original.length; size += cutEvery) {
      counts[await outcomeOf(original.subarray(0, size), lineAt(size))] += 1;
    }
    // Without a single complete line there is nothing to go on from.
    const header = original.indexOf('\n');
    expect(counts.stopped).toBe(Math.ceil(header / cutEvery));
    tell(`${original.length} bytes, cut at each`, counts);
  });

  it('in which any bit is another stops before that line and says so, and goes on from there', {
    timeout: 600_000,
  }, async () => {
    await storeEventfulRun();
    const counts = { whole: 0, recovered: 0, stopped: 0 };
    for (let count = 0; count < flips; count += 1) {
      // Spread over the file, each bit of a byte in its turn.
      const bit = Math.floor(((count + 0.5) * original.length) / flips) * 8 + (count % 8);
      const damaged = Buffer.from(original);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      counts[await outcomeOf(damaged, lineAt(bit >> 3))] += 1;
    }
    expect(counts.whole).toBe(0);
    tell(`${flips} flipped bits`, counts);
  });
});
