import { stat } from 'node:fs/promises';
import { withFileSystemDeadline } from '../../../platform/file-system-deadline.ts';

/** A file that was to be delivered; undefined when there is none, or it cannot be looked at. */
export async function deliveredFile(
  path: string,
): Promise<{ readonly bytes: number; readonly modifiedAt: string } | undefined> {
  try {
    const stats = await withFileSystemDeadline(stat(path));
    return stats.isFile() ? { bytes: stats.size, modifiedAt: stats.mtime.toISOString() } : undefined;
  } catch {
    return undefined;
  }
}
