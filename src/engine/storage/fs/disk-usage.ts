import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * How many bytes a file, or a directory with all that it holds, takes on its disk. Links are not followed; what cannot be
 * read counts as nothing.
 */
export async function diskUsage(path: string): Promise<number> {
  try {
    const found = await lstat(path);
    // Some file systems do not tell blocks; of the others a block is 512 bytes, whatever their own blocks are.
    const own = found.blocks > 0 ? found.blocks * 512 : found.size;
    if (!found.isDirectory()) return own;
    const names = await readdir(path);
    const sizes = await Promise.all(names.map((name) => diskUsage(join(path, name))));
    return sizes.reduce((sum, bytes) => sum + bytes, own);
  } catch {
    return 0;
  }
}
