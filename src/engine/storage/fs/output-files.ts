import type { BigIntStats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskId } from '../../model/ids.ts';
import type { MissingOutput } from '../../model/run/task-state.ts';
import { sleep } from '../../platform/sleep.ts';
import { withDeadline } from '../../platform/with-deadline.ts';
import type { OutputFiles } from '../../ports.ts';
import { nameOfPlace, type PathRoots, placesOf } from './pipeline-paths.ts';

/** The state of promised outputs: path to fingerprint. */
type Snapshot = ReadonlyMap<string, string>;

/** A file system that does not answer for so long is not waited for. */
const answerWithinMs = 60_000;
/** File times have a resolution of up to 10 ms; on some file systems, of two seconds. */
const tickMs = 20;
const coarseTickMs = 2_000;
const filesAtOnce = 64;

/**
 * Compares the files that tasks promise to write before and after an attempt. File times are compared with each other only:
 * the clock of a file server may be hours from ours. An output that is a directory is judged by the files in it. Of a pattern all matches
 * must hold something, and one must have been written.
 */
export function openOutputFiles(roots: PathRoots): OutputFiles {
  const snapshots = new Map<TaskId, Snapshot>();
  return {
    async remember(task, paths) {
      snapshots.delete(task);
      const taken = withDeadline(snapshotOf(roots, paths), answerWithinMs, () => new Map());
      snapshots.set(task, await taken);
    },
    async firstMissing(task, paths) {
      const before = snapshots.get(task) ?? new Map();
      snapshots.delete(task);
      return withDeadline(firstMissing(roots, paths, before), answerWithinMs, () =>
        paths[0] === undefined ? undefined : { path: paths[0] },
      );
    },
  };
}

async function firstMissing(
  roots: PathRoots,
  paths: readonly string[],
  before: Snapshot,
): Promise<MissingOutput | undefined> {
  for (const path of paths) {
    const matches = await placesOf(path, roots);
    const outputs = await Promise.all(matches.map(async (match) => ({ match, files: await filesAt(match) })));
    const there = outputs.filter(({ files }) => files.length > 0);
    const empty = there.find(({ files }) => !haveContent(files));
    if (empty !== undefined) return { path: nameOfPlace(empty.match, roots), isEmpty: true };
    if (!there.some(({ files }) => isWritten(files, before))) return { path };
  }
  return undefined;
}

type OutputFile = { readonly path: string; readonly stats: BigIntStats };

function haveContent(files: readonly OutputFile[]): boolean {
  return files.some(({ stats }) => stats.size > 0n);
}

function isWritten(files: readonly OutputFile[], before: Snapshot): boolean {
  return files.some(({ path, stats }) => stats.size > 0n && before.get(path) !== fingerprintOf(stats));
}

/**
 * A file that is written once more gets another time of change, also where a program sets the time of its content back
 * (`wget`, `cp -p`, `tar`); one that is put in its place is another file.
 */
function fingerprintOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}

async function snapshotOf(roots: PathRoots, paths: readonly string[]): Promise<Snapshot> {
  const found = await Promise.all(paths.map((path) => placesOf(path, roots)));
  const files = (await Promise.all(found.flat().map(filesAt))).flat();
  // What was written a moment ago and is written again within the same tick would look untouched.
  const waitMs = Math.max(0, ...files.map(({ stats }) => restOfTick(stats, Date.now())));
  if (waitMs > 0) await sleep(waitMs);
  return new Map(files.map(({ path, stats }) => [path, fingerprintOf(stats)]));
}

function restOfTick({ ctimeMs, ctimeNs, mtimeNs }: BigIntStats, now: number): number {
  const ageMs = now - Number(ctimeMs);
  const isCoarse = (ctimeNs % 1_000_000_000n) + (mtimeNs % 1_000_000_000n) === 0n;
  const tick = isCoarse ? coarseTickMs : tickMs;
  return ageMs >= 0 && ageMs < tick ? tick - ageMs : 0;
}

/** The file at `path`, or all files in the directory there; none when there is nothing that can be read. */
async function filesAt(path: string): Promise<readonly OutputFile[]> {
  try {
    const stats = await stat(path, { bigint: true });
    return stats.isDirectory() ? await filesIn(path) : [{ path, stats }];
  } catch {
    return [];
  }
}

/** Links to directories within it are left out: they may go round. */
async function filesIn(directory: string): Promise<readonly OutputFile[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const files: OutputFile[] = [];
  for (let at = 0; at < entries.length; at += filesAtOnce) {
    const some = entries.slice(at, at + filesAtOnce).map(async (entry) => {
      const path = join(directory, entry.name);
      if (!entry.isSymbolicLink()) return filesAt(path);
      const stats = await stat(path, { bigint: true }).catch(() => undefined);
      return stats === undefined || stats.isDirectory() ? [] : [{ path, stats }];
    });
    files.push(...(await Promise.all(some)).flat());
  }
  return files;
}
