import { accessSync, constants, statfsSync } from 'node:fs';

/** Statistics alone may need some MB. */
const minBytes = 16 * 1024 * 1024;

/** Where /dev/shm is too small or cannot be written, the server keeps shared memory in files of its data directory. */
export function sharedMemorySettings(): readonly string[] {
  return freeBytes() < minBytes ? ['dynamic_shared_memory_type=mmap'] : [];
}

/** What is left in /dev/shm; unlimited where the system has shared memory without it. */
function freeBytes(): number {
  if (process.platform !== 'linux') return Number.POSITIVE_INFINITY;
  try {
    accessSync('/dev/shm', constants.W_OK);
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize;
  } catch {
    return 0;
  }
}
