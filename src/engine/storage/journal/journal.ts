import { closeSync, constants, fchmodSync, fdatasync, ftruncateSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import type { RunEvent } from '../../model/run-event.ts';
import { withFileSystemDeadline } from '../../platform/file-system-deadline.ts';
import type { Journal } from '../../ports.ts';
import { cannotWrite } from '../fs/cannot-write.ts';
import { syncDirectory } from '../fs/sync-directory.ts';
import { writeFully } from '../fs/write-fully.ts';
import { encodeRecord } from './journal-record.ts';
import { shortenEvent } from './shorten-event.ts';

/** The first record; a reader refuses a `version` that it does not know. */
export const journalHeader = { type: 'journal', version: 1 } as const;

/** Longer records are cut: one that fits into a block of the disk is rarely torn by a crash. */
const maxRecordBytes = 4000;

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
    return failed(cannotWrite(path, error));
  }
}

type Waiter = { readonly resolve: () => void; readonly reject: (error: Error) => void };

const syncData = promisify(fdatasync);

/** How the journal gets onto the disk; a test may have another disk. */
type Disk = { readonly sync: (fd: number) => Promise<void>; readonly withinMs?: number };

/** Appends to an open file whose first `sound.bytes` bytes hold `sound.records` records. */
export class FileJournal implements Journal {
  readonly #path: string;
  readonly #fd: number;
  readonly #disk: Disk;
  #records: number;
  #durableBytes: number;
  #nameIsDurable = false;
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
    this.#durableBytes = sound.bytes;
  }

  /**
   * Resolves when the events are on the disk. After the first failure nothing is taken any more, because what is on the
   * disk is then uncertain, and a journal with a gap would tell another story: every later call rejects with the same error.
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

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#committing;
    // It would wait for a disk that does not answer, and so would everything else.
    if (!isLate(this.#failure?.cause)) closeSync(this.#fd);
  }

  #encode(event: RunEvent): string {
    const seq = this.#records;
    this.#records += 1;
    const line = encodeRecord(seq, event);
    return Buffer.byteLength(line) <= maxRecordBytes
      ? line
      : encodeRecord(seq, shortenEvent(event, maxRecordBytes - 100));
  }

  /** What is appended while one commit waits for the disk goes into the next: however many come, two are enough. */
  async #commitAll(): Promise<void> {
    // Appends of the same moment share a commit.
    await Promise.resolve();
    while (this.#waiters.length > 0) {
      const waiters = this.#waiters;
      const bytes = Buffer.from(this.#lines.join(''));
      this.#waiters = [];
      this.#lines = [];
      try {
        await this.#commit(bytes);
        for (const { resolve } of waiters) resolve();
      } catch (error) {
        this.#fail(error, waiters);
      }
    }
    this.#committing = undefined;
  }

  async #commit(bytes: Buffer): Promise<void> {
    writeFully(this.#fd, bytes);
    await withFileSystemDeadline(this.#disk.sync(this.#fd), this.#disk.withinMs);
    this.#durableBytes += bytes.length;
    if (this.#nameIsDurable) return;
    const directory = dirname(this.#path);
    for (const at of [directory, dirname(directory)])
      await withFileSystemDeadline(syncDirectory(at), this.#disk.withinMs);
    this.#nameIsDurable = true;
  }

  #fail(error: unknown, waiters: readonly Waiter[]): void {
    const { message, hint } = cannotWrite(this.#path, error);
    const failure = new Error(`${message} (${hint})`, { cause: error });
    this.#failure = failure;
    try {
      if (isLate(error)) throw error;
      // What nobody was told is on the disk should not be found there.
      ftruncateSync(this.#fd, this.#durableBytes);
    } catch {
      // A reader stops before a torn record anyway.
    }
    for (const { reject } of [...waiters, ...this.#waiters]) reject(failure);
    this.#waiters = [];
    this.#lines = [];
  }
}

function isLate(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT';
}
