import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, readSync } from 'node:fs';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { openPrivateFile } from '../../platform/private-files.ts';
import type { Journal } from '../../ports.ts';
import { writeError } from '../fs/cannot-write.ts';
import { writeFully } from '../fs/write-fully.ts';
import { FileJournal } from './journal.ts';
import type { JournalContents } from './read-journal.ts';

/**
 * Opens the journal of an interrupted run for appending, after the sound records that `reading` found. What follows them is
 * moved to `<path>.corrupt`. A journal without a single sound record, and one that tells what only a newer version knows, are left
 * untouched.
 */
export function continueJournal(path: string, reading: JournalContents): Result<Journal, Diagnostic> {
  if (reading.sound.records === 0 || reading.end.kind === 'unknown') return failed(notOurs(path, reading));
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW);
    cutOff(fd, reading.sound.bytes, `${path}.corrupt`);
    return ok(new FileJournal(path, fd, reading.sound));
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    return failed(writeError(path, error));
  }
}

function cutOff(fd: number, soundBytes: number, keepAt: string): void {
  const rest = Buffer.alloc(fstatSync(fd).size - soundBytes);
  if (rest.length === 0) return;
  for (let done = 0; done < rest.length; ) {
    const count = readSync(fd, rest, done, rest.length - done, soundBytes + done);
    if (count === 0) break;
    done += count;
  }
  const keep = openPrivateFile(keepAt, constants.O_WRONLY | constants.O_APPEND);
  try {
    writeFully(keep, rest);
    fsyncSync(keep);
  } finally {
    closeSync(keep);
  }
  ftruncateSync(fd, soundBytes);
  fsyncSync(fd);
}

function notOurs(path: string, { end }: JournalContents): Diagnostic {
  const isNewer = end.kind === 'foreign' || end.kind === 'unknown';
  return {
    code: isNewer ? 'run/newer-journal' : 'run/damaged-journal',
    severity: 'error',
    message: `Cannot continue "${path}": ${isNewer ? 'a newer etl-tui wrote it' : 'it is not a journal'}`,
    hint: isNewer
      ? 'update etl-tui, or start the pipeline again; the file is unchanged'
      : 'start the pipeline again; the file is unchanged',
  };
}
