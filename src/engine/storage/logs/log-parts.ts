import { constants, readdirSync } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

/** How much of an output is stored, in bytes; each file may be longer by the rest of its last line, up to 64 KiB. */
export type LogCap = { readonly headBytes: number; readonly tailFileBytes: number; readonly tailFiles: number };

/** The first 8 MiB of an output, and at least its last 8 MiB. */
export const logCap: LogCap = { headBytes: 8 * 0x100000, tailFileBytes: 2 * 0x100000, tailFiles: 5 };

/**
 * One file of a log. The output up to the cap is in `<attempt>.log`, the head. What follows is in tail files, of which the
 * oldest are deleted: `<attempt>.log.<start>`, where `start` has 12 digits, so that their names sort as their content.
 */
export type LogPart = {
  readonly path: string;
  /** The number of bytes of the output before this file; 0 for the head. */
  readonly start: number;
  readonly size: number;
  readonly inode: number;
  /** When it was last written, as the file system says. */
  readonly writtenAt: number;
};

export function tailFilePath(head: string, start: number): string {
  return `${head}.${String(start).padStart(12, '0')}`;
}

/** The files of the log whose head is at `head`, in their order; none before the head exists. Throws as `stat` does. */
export async function listLogParts(head: string): Promise<readonly LogPart[]> {
  const first = await partAt(head, 0);
  if (first === undefined) return [];
  const found = tailStarts(head, await readdir(dirname(head)));
  const tail = await Promise.all(found.map((start) => partAt(tailFilePath(head, start), start)));
  return [first, ...tail.filter((part) => part !== undefined)];
}

/** The paths of the files of a log, the head first, for programs that show files. */
export function logFiles(head: string): readonly string[] {
  try {
    return [head, ...tailStarts(head, readdirSync(dirname(head))).map((start) => tailFilePath(head, start))];
  } catch {
    return [head];
  }
}

/** Up to `length` bytes from `position` on; undefined when the file has been deleted. */
export function readLogPart(part: LogPart, position: number, length: number): Promise<Buffer | undefined> {
  return readFileAt(part.path, position, length);
}

export async function readFileAt(path: string, position: number, length: number): Promise<Buffer | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(ignoreMissing);
  if (file === undefined) return undefined;
  try {
    return await readFully(file, position, length);
  } finally {
    await file.close();
  }
}

function tailStarts(head: string, names: readonly string[]): readonly number[] {
  const prefix = `${basename(head)}.`;
  const starts = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  return starts
    .filter((start) => /^\d{12,}$/.test(start))
    .map(Number)
    .sort((one, other) => one - other);
}

async function partAt(path: string, start: number): Promise<LogPart | undefined> {
  const found = await stat(path).catch(ignoreMissing);
  return found && { path, start, size: found.size, inode: found.ino, writtenAt: found.mtimeMs };
}

async function readFully(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
