import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

let written = 0;

/** A unique path at which a file is written before it is renamed to `path`. */
export function partOf(path: string): string {
  return `${path}.part-${process.pid}-${++written}`;
}

/** Removes the parts of `path` whose writers were killed. */
export async function removeLeftovers(path: string): Promise<void> {
  const start = `${basename(path)}.part-`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(start)) continue;
    const pid = Number.parseInt(name.slice(start.length), 10);
    if (pid !== process.pid && !isAlive(pid)) await rm(join(dirname(path), name), { force: true });
  }
}

/** Whether a process with this id exists, of any user. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
