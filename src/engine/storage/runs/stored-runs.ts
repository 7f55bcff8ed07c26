import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunId } from '../../model/ids.ts';
import { firstEvent } from '../journal/read-journal.ts';
import { runPaths } from './run-paths.ts';

const recordName = /^execution_(\d{8}_\d{6}_[a-z0-9]{4})\.json$/;
const runName = /^\d{8}_\d{6}_[a-z0-9]{4}$/;

/** The runs of a log directory that have a directory or a performance record, in the order in which they began. */
export async function storedRuns(logDir: string): Promise<readonly RunId[]> {
  const newestFirst: RunId[] = [];
  for await (const run of newestRuns(logDir)) newestFirst.push(run);
  return newestFirst.reverse();
}

/**
 * The same, newest first. Only the names are read, except for runs that began in the same second, when it comes to them:
 * who wants the last few of ten thousand runs does not wait for the rest.
 */
export async function* newestRuns(logDir: string): AsyncGenerator<RunId> {
  const [records, directories] = await Promise.all([recordedRuns(logDir), runDirectories(logDir)]);
  const names = [...new Set([...records, ...directories])].sort().reverse();
  for (let at = 0; at < names.length; ) {
    const second = names[at]!.slice(0, secondLength);
    const begin = at;
    while (names[at]?.slice(0, secondLength) === second) at += 1;
    const some = names.slice(begin, at).reverse();
    yield* some.length === 1 ? some : (await inOrder(logDir, some)).toReversed();
  }
}

/** The runs of a log directory that have a performance record, by name, and so by the second in which they began. */
export async function recordedRuns(logDir: string): Promise<readonly RunId[]> {
  const names = await namesIn(join(logDir, 'performance'));
  return names.flatMap((name) => (recordName.exec(name)?.[1] as RunId | undefined) ?? []).sort();
}

/** The runs of a log directory that have a directory, in no order. */
export async function runDirectories(logDir: string): Promise<readonly RunId[]> {
  return (await namesIn(join(logDir, 'runs'))).filter((name): name is RunId => runName.test(name));
}

/** A name holds the second in which its run was opened. */
const secondLength = 'YYYYMMDD_HHMMSS'.length;

/** Runs of one second, by the millisecond in which they began. */
async function inOrder(logDir: string, runs: readonly RunId[]): Promise<readonly RunId[]> {
  const times = new Map<RunId, number>();
  for (const run of runs) times.set(run, await beganAtMs(logDir, run));
  return runs.toSorted((one, other) => times.get(one)! - times.get(other)!);
}

/** By its first event, else its record, else the last change of its directory. */
async function beganAtMs(logDir: string, run: RunId): Promise<number> {
  const paths = runPaths(logDir, run);
  const at = firstEvent(paths.journal)?.at;
  if (at !== undefined) return at;
  const record = (await readJson(paths.performance)) as { readonly started_at?: string } | null | undefined;
  const startedAt = Date.parse(record?.started_at ?? '');
  if (!Number.isNaN(startedAt)) return startedAt;
  return stat(paths.directory).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** The content of a JSON file; undefined when it does not exist or cannot be parsed. */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch(() => []);
}
