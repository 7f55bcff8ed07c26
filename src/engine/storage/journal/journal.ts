import { closeSync, constants, fchmodSync, fdatasync, ftruncateSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import { withFileSystemDeadline } from '../../platform/file-system-deadline.ts';
import type { Journal } from '../../ports.ts';
import { writeError } from '../fs/cannot-write.ts';
import { syncDirectory } from '../fs/sync-directory.ts';
import { writeFully } from '../fs/write-fully.ts';
import { encodeRecord } from './journal-record.ts';
import { shortenEvent } from './shorten-event.ts';

/**
 * The first record. Additions count `minor` up: types of events without which the rest still holds, and fields. A reader passes
 * over those that it does not know. Everything else, such as another meaning of a field, or one more kind of outcome, counts
 * `version` up, and a reader refuses a newer one.
 */
export const journalHeader = { type: 'journal', version: 1, minor: 3 } as const;

/** Longer records are cut: one that fits into a block of the disk is rarely torn by a crash. */
const maxRecordBytes = 4000;

/** The event as a journal keeps it. */
export function shortenRecord(event: RunEvent): RunEvent {
  const most = maxRecordBytes - 100;
  return Buffer.byteLength(JSON.stringify(event)) <= most ? event : shortenEvent(event, most);
}

/** Begins a new journal; only this user can read it. */
export function openJournal(path: string): Result<Journal, Diagnostic> {
  let fd: number | undefined;
  try {
    const { O_WRONLY, O_CREAT, O_EXCL, O_APPEND, O_NOFOLLOW } = constants;
    fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW, 0o600);
    fchmodSync(fd, 0o600);
    const header = Buffer.from(encodeRecord(0, journalHeader));
    writeFully(fd, header);
    return ok(new FileJournal(path, fd, { records: 1, bytes: header.length }));
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    return failed(writeError(path, error));
  }
}

type Waiter = { readonly resolve: () => void; readonly reject: (error: Error) => void };

const syncData = promisify(fdatasync);

/** How the journal is made durable; a test passes a disk of its own. */
type Disk = { readonly sync: (fd: number) => Promise<void>; readonly withinMs?: number };

/**
 * Appends to an open file whose first `sound.bytes` bytes hold `sound.records` records.
 *
 * 1. Events become lines, which wait in memory while a commit is under way.
 * 2. A commit writes the waiting lines and syncs the file; only then the appends that brought them resolve. However many
 *    appends come during a commit, the next one takes them all.
 * 3. The first commit also waits until the names of the file and of its directory are durable.
 * 4. Recorded events are written, but do not cause a sync: the next commit makes them durable.
 * 5. After a failed commit the file is cut back to what is durable, and every later append is rejected.
 */
export class FileJournal implements Journal {
  readonly #path: string;
  readonly #fd: number;
  readonly #disk: Disk;
  #records: number;
  readonly #namesAreDurable: Promise<void>;
  #writtenBytes: number;
  #durableBytes: number;
  #lines: string[] = [];
  #waiters: Waiter[] = [];
  #committing: Promise<void> | undefined;
  #failure: Error | undefined;
  #closed = false;

  constructor(
    path: string,
    fd: number,
    sound: { readonly records: number; readonly bytes: number },
    disk: Disk = { sync: syncData },
  ) {
    this.#path = path;
    this.#fd = fd;
    this.#disk = disk;
    this.#records = sound.records;
    this.#writtenBytes = sound.bytes;
    this.#durableBytes = sound.bytes;
    this.#namesAreDurable = syncNames(path, disk.withinMs);
    // The first commit reports it.
    this.#namesAreDurable.catch(() => {});
  }

  /**
   * Resolves when the events are on the disk. After the first failure every call rejects with the same error, because what
   * is on the disk is then uncertain, and a journal with a gap would be wrong.
   */
  append(events: readonly RunEvent[]): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#closed) return Promise.reject(new Error(`the journal "${this.#path}" is closed`));
    for (const event of events) this.#lines.push(this.#encode(event));
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#committing ??= this.#commitAll();
    });
  }

  record(events: readonly RunEvent[]): void {
    if (this.#failure !== undefined || this.#closed) return;
    for (const event of events) this.#lines.push(this.#encode(event));
    if (this.#committing === undefined) this.#writeRecorded();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#committing;
    // Closing waits for a disk that does not answer, and would block this process.
    if (!isLate(this.#failure?.cause)) closeSync(this.#fd);
  }

  #encode(event: RunEvent): string {
    const seq = this.#records;
    this.#records += 1;
    return encodeRecord(seq, shortenRecord(event));
  }

  async #commitAll(): Promise<void> {
    // Appends of the same moment share a commit.
    await Promise.resolve();
    while (this.#waiters.length > 0) {
      const waiters = this.#waiters;
      this.#waiters = [];
      try {
        await this.#commit();
        for (const { resolve } of waiters) resolve();
      } catch (error) {
        this.#fail(error, waiters);
      }
    }
    this.#committing = undefined;
    this.#writeRecorded();
  }

  async #commit(): Promise<void> {
    this.#writeLines();
    const written = this.#writtenBytes;
    await Promise.all([withFileSystemDeadline(this.#disk.sync(this.#fd), this.#disk.withinMs), this.#namesAreDurable]);
    this.#durableBytes = written;
  }

  #writeRecorded(): void {
    try {
      this.#writeLines();
    } catch (error) {
      this.#fail(error, []);
    }
  }

  #writeLines(): void {
    if (this.#lines.length === 0) return;
    const bytes = Buffer.from(this.#lines.join(''));
    this.#lines = [];
    writeFully(this.#fd, bytes);
    this.#writtenBytes += bytes.length;
  }

  #fail(error: unknown, waiters: readonly Waiter[]): void {
    const { message, hint } = writeError(this.#path, error);
    const failure = new Error(`${message} (${hint})`, { cause: error });
    this.#failure = failure;
    try {
      if (isLate(error)) throw error;
      // Readers must not find events whose append was rejected.
      ftruncateSync(this.#fd, this.#durableBytes);
    } catch {
      // A reader stops before a torn record anyway.
    }
    for (const { reject } of [...waiters, ...this.#waiters]) reject(failure);
    this.#waiters = [];
    this.#lines = [];
  }
}

async function syncNames(path: string, withinMs: number | undefined): Promise<void> {
  const directory = dirname(path);
  for (const at of [directory, dirname(directory)]) await withFileSystemDeadline(syncDirectory(at), withinMs);
}

function isLate(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT';
}
