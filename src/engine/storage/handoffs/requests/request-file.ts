import { createHash } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Diagnostic } from '../../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../../model/result.ts';
import { displayText } from '../../../model/text/display-text.ts';
import { withFileSystemDeadline } from '../../../platform/file-system-deadline.ts';

/** The file of a request as it was read. */
export type RequestFile = {
  /** Absolute. */
  readonly path: string;
  /** Its last name, as it is. */
  readonly name: string;
  readonly text: string;
  /** The same for the same file, and another for one that was written again, even with the same text. */
  readonly id: string;
};

/** Far more than a request needs, and read in a moment whatever is in it. */
const maxBytes = 64 * 1024;
/** Does not follow a link, and does not wait for the other end of a pipe. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Reads a request. Errors: `request/unreadable` for what is no regular file in UTF-8 of at most 64 KiB, `spec/unreadable`
 * when there is none, or when it may be readable later. Never throws.
 */
export async function readRequestFile(path: string): Promise<Result<RequestFile, Diagnostic>> {
  let file: FileHandle | undefined;
  try {
    file = await withFileSystemDeadline(open(path, flags));
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile()) return failed(unreadable(path, 'it is not a regular file'));
    if (stats.size > BigInt(maxBytes)) return failed(unreadable(path, 'it is larger than 64 KiB'));
    const bytes = Buffer.alloc(Number(stats.size));
    const { bytesRead } = await withFileSystemDeadline(file.read(bytes, 0, bytes.length, 0));
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytesRead));
    const id = createHash('sha256')
      .update(`${markOf(stats)}\n${text}`)
      .digest('hex')
      .slice(0, 12);
    return ok({ path, name: basename(path), text, id });
  } catch (error) {
    return failed(explain(path, error));
  } finally {
    await file?.close().catch(() => undefined);
  }
}

/** What is at `path` now, also when it is no file that could be read; undefined when there is nothing. */
export async function markOfPath(path: string): Promise<string | undefined> {
  try {
    return markOf(await withFileSystemDeadline(lstat(path, { bigint: true })));
  } catch {
    return undefined;
  }
}

function markOf({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${size} ${mtimeNs}`;
}

function explain(path: string, error: unknown): Diagnostic {
  if (error instanceof TypeError) return unreadable(path, 'it is not text in UTF-8');
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ELOOP':
      return unreadable(path, 'it is a symbolic link');
    case 'EACCES':
      return unreadable(path, 'permission denied');
    case 'ENXIO':
      return unreadable(path, 'it is not a regular file');
    default:
      return { ...unreadable(path, code === 'ENOENT' ? 'there is no such file' : message), code: 'spec/unreadable' };
  }
}

function unreadable(path: string, why: string): Diagnostic {
  return {
    code: 'request/unreadable',
    severity: 'error',
    message: `"${displayText(path)}" cannot be read as a request: ${why}`,
    hint: 'a request must be a YAML file in UTF-8',
  };
}
