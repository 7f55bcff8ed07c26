import { readFile } from 'node:fs/promises';
import type { RunId } from '../model/ids.ts';
import { withDeadline } from '../platform/with-deadline.ts';
import type { PerformanceRecord } from '../results/performance-record.ts';
import { runPaths } from '../storage/runs/run-paths.ts';
import { newestRuns, readJson, recordedRuns } from '../storage/runs/stored-runs.ts';

/** The records of the last runs of a pipeline (of any, without one), newest last; at most `most`. */
export async function pastPerformance(
  logDir: string,
  pipeline: string | undefined,
  most: number,
): Promise<readonly PerformanceRecord[]> {
  const found: PerformanceRecord[] = [];
  for await (const record of newestRecords(logDir)) {
    if (pipeline === undefined || record.pipeline === pipeline) found.push(record);
    if (found.length === most) break;
  }
  return found.reverse();
}

/** Reading waits for the disk more than it computes; more at once would only take memory. */
const readAtOnce = 16;

/** The performance records of a log directory, newest first. They are read as they are asked for, some at a time. */
export async function* newestRecords(logDir: string): AsyncGenerator<PerformanceRecord> {
  const read = async (runs: readonly RunId[]) =>
    (await Promise.all(runs.map((run) => readRecord(runPaths(logDir, run).performance)))).filter(
      (record) => record !== undefined,
    );
  let some: RunId[] = [];
  for await (const run of newestRuns(logDir)) {
    some.push(run);
    if (some.length < readAtOnce) continue;
    yield* await read(some);
    some = [];
  }
  yield* await read(some);
}

/** Runs wait for this at their start, so that there are limits to what is read. */
const maxRecords = 30;
const maxFiles = 100;
const maxBytes = 12 * 1024 * 1024;
const deadlineMs = 2_000;

/**
 * The records of the last runs of a pipeline from which the next one learns, newest last: at most 30 and 12 MiB, among the
 * last 100 of the directory. None when the directory does not respond in time. Runs of one second are in no certain order.
 */
export function recentPerformance(logDir: string, pipeline: string): Promise<readonly PerformanceRecord[]> {
  return withDeadline(readRecent(logDir, pipeline), deadlineMs, () => []);
}

async function readRecent(logDir: string, pipeline: string): Promise<readonly PerformanceRecord[]> {
  const found: PerformanceRecord[] = [];
  let bytes = 0;
  for (const run of (await recordedRuns(logDir)).toReversed().slice(0, maxFiles)) {
    if (found.length === maxRecords || bytes > maxBytes) break;
    const text = await readFile(runPaths(logDir, run).performance, 'utf8').catch(() => '');
    bytes += text.length;
    const record = parseRecord(text);
    if (record?.pipeline === pipeline) found.push(record);
  }
  return found.reverse();
}

function parseRecord(text: string): PerformanceRecord | undefined {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Undefined when there is none, or none that can be understood. */
export async function readRecord(path: string): Promise<PerformanceRecord | undefined> {
  return asRecord(await readJson(path));
}

function asRecord(content: unknown): PerformanceRecord | undefined {
  const record = content as Partial<PerformanceRecord> | null | undefined;
  const isRecord = typeof record?.run_id === 'string' && Array.isArray(record.results);
  return isRecord ? (record as PerformanceRecord) : undefined;
}
