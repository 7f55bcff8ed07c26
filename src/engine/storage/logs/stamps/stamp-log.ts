import { closeSync, constants, rmSync } from 'node:fs';
import type { EpochMs } from '../../../model/ids.ts';
import { openPrivateFile } from '../../../platform/private-files.ts';
import type { OutputStream } from '../../../ports.ts';
import { writeFully } from '../../fs/write-fully.ts';
import { stampFilePath } from './output-stamp.ts';
import { encodeRecords, type StampRecord } from './stamp-records.ts';

/** A file of stamps is at most about an eighth as long as its log, and so much more. */
const sparedBytes = 4096;
const logBytesPerByte = 8;
/** What a record mostly takes. */
const recordBytes = 4;
/** With more stamps than that, a line may be stamped so much too early; a record a second is written in any case. */
const coarseMs = 1000;

/** Output that comes as fast as it can be read is stamped so many times later at most, so that stamping costs next to nothing. */
const pauseMs = 20;

/**
 * Notes when each piece of an output came and on which stream, in a file beside each file of the log. What cannot be written is left out: the log itself
 * says that the disk is full, and lines without a stamp can be read as well.
 */
export class StampLog {
  #logFile: string;
  #fd: number | undefined;
  #isBroken = false;
  /** Where the output begins that the current file of the log holds. */
  #start = 0;
  /** How much of the output has come. */
  #length = 0;
  /** Bytes of stamps in the current file, about. */
  #size = 0;
  #pending: StampRecord[] = [];
  /** What was flushed last, and the record before. */
  #flushed: readonly StampRecord[] = [];
  /** The last one in the current file. */
  #written: StampRecord | undefined;
  #flushedAt = 0;

  constructor(logFile: string) {
    this.#logFile = logFile;
  }

  /** So many more bytes have come. */
  add(stream: OutputStream, bytes: number, now: EpochMs): void {
    const last = this.#pending[this.#pending.length - 1] ?? this.#flushed[this.#flushed.length - 1];
    const offset = this.#length;
    this.#length += bytes;
    if (last === undefined || !this.#joins(last, stream, now)) {
      if (this.#isBroken) return;
      this.#pending.push({ offset, at: Math.max(now, last?.at ?? 0) as EpochMs, stream });
      this.#size += recordBytes;
    }
  }

  /** Before a large piece is written to the log; what is left then is written with the next `flush`. */
  flushSometimes(): void {
    const last = this.#pending.at(-1);
    const isDue = last !== undefined && (last.at - this.#flushedAt >= pauseMs || last.stream !== this.#written?.stream);
    if (isDue) this.flush();
  }

  /** Before pieces are written to the log, so that what can be read there has its stamp. */
  flush(): void {
    if (this.#pending.length === 0) return;
    this.#flushed = [...this.#flushed.slice(-1), ...this.#pending];
    this.#flushedAt = this.#pending[this.#pending.length - 1]!.at;
    this.#write(this.#pending);
    this.#pending = [];
  }

  /** The log has begun another file, with the output from byte `start` on. */
  opened(logFile: string, start: number): void {
    // Stamps of what comes behind the end of a file do no harm in it.
    const earlier = this.#flushed;
    this.flush();
    if (this.#flushed !== earlier) this.#flushed = [...earlier.slice(0, -1), ...this.#flushed];
    this.#closeFile();
    [this.#logFile, this.#start, this.#written] = [logFile, start, undefined];
    const first = this.#flushed.findLast(({ offset }) => offset <= start);
    const later = this.#flushed.filter(({ offset }) => offset > start);
    const records = first === undefined ? later : [{ ...first, offset: start }, ...later];
    this.#size = records.length * recordBytes;
    this.#write(records);
  }

  /** A file of the log was deleted. */
  dropped(logFile: string): void {
    rmSync(stampFilePath(logFile), { force: true });
  }

  close(): void {
    this.flush();
    this.#closeFile();
  }

  #closeFile(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  /** Whether a piece needs no record of its own. */
  #joins(last: StampRecord, stream: OutputStream, at: EpochMs): boolean {
    const isSame = last.stream === stream || last.stream === 'both';
    if (isSame && at <= last.at) return true;
    const allowed = sparedBytes + (this.#length - this.#start) / logBytesPerByte;
    if (this.#size + recordBytes <= allowed || at - last.at >= coarseMs) return false;
    if (isSame) return true;
    const open = this.#pending.length - 1;
    if (open < 0) return false;
    this.#pending[open] = { ...last, stream: 'both' };
    return true;
  }

  #write(records: readonly StampRecord[]): void {
    if (this.#isBroken) return;
    try {
      this.#fd ??= openPrivateFile(
        stampFilePath(this.#logFile),
        constants.O_WRONLY | constants.O_EXCL | constants.O_APPEND,
      );
      writeFully(this.#fd, encodeRecords(records, this.#written));
      this.#written = records.at(-1) ?? this.#written;
    } catch {
      this.#isBroken = true;
    }
  }
}
