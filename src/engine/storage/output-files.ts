import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { EpochMs } from '../model/ids.ts';
import type { OutputFiles } from '../ports.ts';

/** Looks at the files that tasks promise to write. An output that is a directory is judged by the files in it. */
export function openOutputFiles(projectDir: string): OutputFiles {
  return {
    async firstMissing(paths, since) {
      for (const path of paths) if (!(await wasWritten(resolve(projectDir, path), since))) return path;
      return undefined;
    },
  };
}

async function wasWritten(path: string, since: EpochMs): Promise<boolean> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return found.size > 0 && writtenAtMs(found) >= since;
    for (const name of await readdir(path)) if (await wasWritten(join(path, name), since)) return true;
    return false;
  } catch {
    return false;
  }
}

/**
 * The latest moment at which the file may have been written. Programs that keep the time of an original (`wget`,
 * `cp -p`, `tar`) set the time of the content back, but not that of the change. A file's clock lags behind: by one tick
 * of the kernel (10 ms at most) on most file systems; by up to two seconds where times are whole seconds.
 */
function writtenAtMs({ mtimeMs, ctimeMs }: { readonly mtimeMs: number; readonly ctimeMs: number }): number {
  const latest = Math.max(mtimeMs, ctimeMs);
  return latest + (latest % 1000 === 0 ? 2000 : 20);
}
