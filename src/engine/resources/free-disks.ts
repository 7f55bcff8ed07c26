import { stat } from 'node:fs/promises';
import type { ResourceSample } from '../model/run/resource-sample.ts';
import { freeDiskBytes } from '../platform/free-disk.ts';

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
    found = await readDisks(directories);
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

async function readDisks(directories: readonly WatchedDirectory[]): Promise<FreeDisks | undefined> {
  const devices = new Set<number>();
  const disks: FreeDisks[number][] = [];
  for (const { role, path } of directories) {
    const freeBytes = await freeDiskBytes(path);
    if (freeBytes === undefined) continue;
    // It has just answered.
    const device = await stat(path).catch(() => undefined);
    if (device !== undefined && devices.has(device.dev)) continue;
    if (device !== undefined) devices.add(device.dev);
    disks.push({ role, freeBytes });
  }
  return disks.length === 0 ? undefined : disks;
}
