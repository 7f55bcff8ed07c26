import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, readSync } from 'node:fs';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import type { Journal } from '../../ports.ts';
import { writeError } from '../fs/cannot-write.ts';
import { writeFully } from '../fs/write-fully.ts';
import { FileJournal } from './journal.ts';
import type { JournalContents } from './read-journal.ts';

/**
 * Opens the journal of an interrupted run for appending, after the sound records that `reading` found. What follows them is
 * moved to `<path>.corrupt`. A journal without a single sound record is left untouched.
 */
export function continueJournal(path: string, reading: JournalContents): Result<Journal, Diagnostic> {
  if (reading.sound.records === 0) return failed(notOurs(path, reading));
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
  const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW } = constants;
  const keep = openSync(keepAt, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600);
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
  const message =
    end.kind === 'foreign'
      ? `Cannot continue "${path}": it was written by another version of etl-tui (journal version ${String(end.version)})`
      : `Cannot continue "${path}": it is not a journal`;
  return {
    code: 'run/cannot-write',
    severity: 'error',
    message,
    hint: 'start the pipeline again; the file is unchanged',
  };
}
