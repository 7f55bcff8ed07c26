import { readFile } from 'node:fs/promises';
import type { RunId } from '../model/ids.ts';
import { withDeadline } from '../platform/with-deadline.ts';
import type { PerformanceRecord } from '../results/files/performance-record.ts';
import { runPaths } from '../storage/runs/run-paths.ts';
import { newestRuns, readJson, recordedRuns } from '../storage/runs/stored-runs.ts';

/** The records of the last runs of a pipeline (of any, without one), newest last; at most `most`. */
export async function pastPerformance(
  logDir: string,
  pipeline: string | undefined,
  most: number,
): Promise<readonly PerformanceRecord[]> {
  const found: PerformanceRecord[] = [];
  for await (const record of newestRecords(logDir, pipeline)) if (found.push(record) === most) break;
  return found.reverse();
}

/** Reading waits for the disk more than it computes; more at once would only take memory. */
const readAtOnce = 16;

/**
 * The performance records of a log directory, of one pipeline or of all, newest first. They are read as they are asked for,
 * some at a time.
 */
export async function* newestRecords(logDir: string, pipeline?: string): AsyncGenerator<PerformanceRecord> {
  const read = async (runs: readonly RunId[]) => {
    const texts = await Promise.all(runs.map((run) => readText(runPaths(logDir, run).performance)));
    return texts.flatMap((text) => parseRecord(text, pipeline) ?? []);
  };
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
    const text = await readText(runPaths(logDir, run).performance);
    bytes += text.length;
    const record = parseRecord(text, pipeline);
    if (record !== undefined) found.push(record);
  }
  return found.reverse();
}

/** Nothing when there is none. */
function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** Undefined when it is of another pipeline, or cannot be understood. */
function parseRecord(text: string, pipeline: string | undefined): PerformanceRecord | undefined {
  // The beginning tells it mostly, and parsing takes longer than reading.
  const named = pipeline === undefined ? undefined : /"pipeline": ?"([\w.-]+)"/.exec(text.slice(0, 300))?.[1];
  if (named !== pipeline && named !== undefined) return undefined;
  try {
    const record = asRecord(JSON.parse(text));
    return pipeline === undefined || record?.pipeline === pipeline ? record : undefined;
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

/** Records of other pipelines may lie between, and those of large ones are large. */
const maxFilesBefore = 200;
const maxResultsBefore = 100_000;

/** The records of the last runs of a pipeline before a certain one, newest last; at most 30. Names sort by the second of their start. */
export async function performanceBefore(
  logDir: string,
  run: RunId,
  pipeline: string,
): Promise<readonly PerformanceRecord[]> {
  const earlier = (await recordedRuns(logDir)).filter((other) => other < run);
  const found: PerformanceRecord[] = [];
  let results = 0;
  for (const other of earlier.slice(-maxFilesBefore).reverse()) {
    if (found.length === maxRecords || results > maxResultsBefore) break;
    const record = await readRecord(runPaths(logDir, other).performance);
    if (record?.pipeline !== pipeline) continue;
    found.push(record);
    results += record.results.length;
  }
  return found.reverse();
}
