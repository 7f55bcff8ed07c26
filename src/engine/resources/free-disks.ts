import type { ResourceSample } from '../model/run/resource-sample.ts';
import { freeDisk } from '../platform/free-disk.ts';

type FreeDisks = NonNullable<ResourceSample['disks']>;

/** Where the run needs room, most important first. */
export type WatchedDirectory = { readonly role: FreeDisks[number]['role']; readonly path: string };

const everyMs = 5_000;

export type DiskWatch = {
  /** As seen a moment ago; absent before the first answer, while a file system does not answer, and where none tells. */
  latest(): FreeDisks | undefined;
  /** Asks again, when the last answer is old. Never waits: a file server may not answer for minutes. */
  refresh(): void;
};

/** Follows the room that a user without privileges has left on each file system; one with several directories counts once. */
export function followFreeDisks(directories: readonly WatchedDirectory[]): DiskWatch {
  let found: FreeDisks | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let isAsking = false;
  const ask = async () => {
    isAsking = true;
    found = await readFreeDisks(directories);
    isAsking = false;
  };
  return {
    latest: () => found,
    refresh: () => {
      const now = performance.now();
      if (now - askedAt < everyMs) return;
      askedAt = now;
      // What a file system said long ago is not true any more.
      if (isAsking) found = undefined;
      else void ask();
    },
  };
}

/**
 * The room left on each file system of the directories, which need not exist yet. A file system with several of them
 * counts once, by the first; undefined when none answers.
 */
export async function readFreeDisks(directories: readonly WatchedDirectory[]): Promise<FreeDisks | undefined> {
  const found = await Promise.all(directories.map(async ({ role, path }) => ({ role, disk: await freeDisk(path) })));
  const devices = new Set<number>();
  const disks = found.flatMap(({ role, disk }) => {
    if (disk === undefined || (disk.device !== undefined && devices.has(disk.device))) return [];
    if (disk.device !== undefined) devices.add(disk.device);
    return [{ role, freeBytes: disk.freeBytes }];
  });
  return disks.length === 0 ? undefined : disks;
}
