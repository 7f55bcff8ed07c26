import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { withFileSystemDeadline } from '../../platform/file-system-deadline.ts';
import { writeError } from './cannot-write.ts';
import { syncDirectory } from './sync-directory.ts';

/**
 * Writes a file for this user alone, so that readers see the old content or the new and never a part, and a crash
 * leaves one of the two. A symbolic link at `path` is replaced, not followed.
 * @param elsewhere see `writeError`
 */
export async function writeFileAtomically(
  path: string,
  text: string,
  elsewhere?: string,
): Promise<Result<void, Diagnostic>> {
  const directory = dirname(path);
  const draft = join(directory, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await withFileSystemDeadline(replace(path, draft, text));
    return ok(undefined);
  } catch (error) {
    await withFileSystemDeadline(rm(draft, { force: true }), 5_000).catch(() => {});
    return failed(writeError(path, error, elsewhere));
  }
}

async function replace(path: string, draft: string, text: string): Promise<void> {
  const file = await open(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await syncDirectory(dirname(path));
}
