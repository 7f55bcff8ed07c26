import type { BigIntStats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** `path` is absolute. */
export type FoundFile = { readonly path: string; readonly stats: BigIntStats };

const filesAtOnce = 64;

/** The file at `path`, or all files in the directory there; none when there is nothing that can be read. */
export async function filesAt(path: string): Promise<readonly FoundFile[]> {
  try {
    const stats = await stat(path, { bigint: true });
    return stats.isDirectory() ? await filesIn(path) : [{ path, stats }];
  } catch {
    return [];
  }
}

/** Links to directories within it are left out: they may go round. */
async function filesIn(directory: string): Promise<readonly FoundFile[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const files: FoundFile[] = [];
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
