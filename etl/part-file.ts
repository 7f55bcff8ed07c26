import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

let written = 0;

/** Where a file is written before it gets its name in one rename; of no other writer, in this process or another. */
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

/** Whether there is a process of this number, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else is alive too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
