import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunId } from '../../model/ids.ts';
import { firstEventAt } from '../journal/read-journal.ts';
import { runPaths } from './run-paths.ts';

const recordName = /^execution_(\d{8}_\d{6}_[a-z0-9]{4})\.json$/;
const runName = /^\d{8}_\d{6}_[a-z0-9]{4}$/;

/** The runs of a log directory that have a directory or a performance record, in the order in which they began. */
export async function storedRuns(logDir: string): Promise<readonly RunId[]> {
  const records = await recordedRuns(logDir);
  const directories = (await namesIn(join(logDir, 'runs'))).filter((name) => runName.test(name));
  const runs = [...new Set([...records, ...directories])].sort() as RunId[];
  return (await Promise.all(bySecond(runs).map((some) => inOrder(logDir, some)))).flat();
}

/** The runs of a log directory that have a performance record, by name, and so by the second in which they began. */
export async function recordedRuns(logDir: string): Promise<readonly RunId[]> {
  const names = await namesIn(join(logDir, 'performance'));
  return names.flatMap((name) => (recordName.exec(name)?.[1] as RunId | undefined) ?? []).sort();
}

/** A name holds the second in which its run was opened. */
function bySecond(sorted: readonly RunId[]): readonly (readonly RunId[])[] {
  const groups: RunId[][] = [];
  for (const run of sorted) {
    const group = groups.at(-1);
    if (group?.[0]?.slice(0, secondLength) === run.slice(0, secondLength)) group.push(run);
    else groups.push([run]);
  }
  return groups;
}

const secondLength = 'YYYYMMDD_HHMMSS'.length;

/** Runs of one second, by the millisecond in which they began. */
async function inOrder(logDir: string, runs: readonly RunId[]): Promise<readonly RunId[]> {
  if (runs.length === 1) return runs;
  const times = new Map<RunId, number>();
  for (const run of runs) times.set(run, await beganAtMs(logDir, run));
  return runs.toSorted((one, other) => times.get(one)! - times.get(other)!);
}

/** By its first event, else its record, else the last change of its directory. */
async function beganAtMs(logDir: string, run: RunId): Promise<number> {
  const paths = runPaths(logDir, run);
  const at = firstEventAt(paths.journal);
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
