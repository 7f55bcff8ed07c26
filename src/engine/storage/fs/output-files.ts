import type { TaskId } from '../../model/ids.ts';
import type { MissingOutput } from '../../model/run/task-state.ts';
import { sleep } from '../../platform/sleep.ts';
import { withDeadline } from '../../platform/with-deadline.ts';
import type { OutputFiles } from '../../ports.ts';
import { marksOf, restOfTick } from './file-marks.ts';
import { type FoundFile, filesAt } from './files-at.ts';
import { nameOfPlace, type PathRoots, placesOf } from './pipeline-paths.ts';

/** The state of promised outputs: path to marks. */
type Snapshot = ReadonlyMap<string, string>;

/** A file system that does not answer for so long is not waited for. */
const answerWithinMs = 60_000;

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

function haveContent(files: readonly FoundFile[]): boolean {
  return files.some(({ stats }) => stats.size > 0n);
}

function isWritten(files: readonly FoundFile[], before: Snapshot): boolean {
  return files.some(({ path, stats }) => stats.size > 0n && before.get(path) !== marksOf(stats));
}

async function snapshotOf(roots: PathRoots, paths: readonly string[]): Promise<Snapshot> {
  const found = await Promise.all(paths.map((path) => placesOf(path, roots)));
  const files = (await Promise.all(found.flat().map(filesAt))).flat();
  const waitMs = Math.max(0, ...files.map(({ stats }) => restOfTick(stats, Date.now())));
  if (waitMs > 0) await sleep(waitMs);
  return new Map(files.map(({ path, stats }) => [path, marksOf(stats)]));
}
