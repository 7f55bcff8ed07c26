import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { pauseThread } from '../../platform/pause-thread.ts';
import { isAlive, isObservable, isOfThisKernel } from '../../platform/process-identity.ts';
import { writeFully } from '../fs/write-fully.ts';
import type { KernelLock } from './kernel-lock.ts';
import { type LockRecord, parseRecord, readRecord, type Taking, unknownHolder } from './lock-record.ts';
import { recordHolder } from './take-with-record.ts';

/**
 * How long a lock that is held is looked at again before it is refused with the record that is there: a holder writes its record
 * at once, unless the machine is busy, and who only looks for a holder has the lock for a moment. A process of another container
 * cannot be seen to be alive.
 */
const patienceMs = 3_000;
const elsewherePatienceMs = 200;
const pauseMs = 10;

/**
 * Takes the kernel's lock on the file at `path`; undefined where the kernel gives none.
 *
 * 1. Open the file, or create it, and lock it.
 * 2. If another has it locked, read who; until the record is of a process that is seen to be alive, look again for a moment.
 * 3. If the name leads to another file by now, because the holder before removed it, start again.
 * 4. A record that is left is of a holder that died, unless its lock was not the kernel's: then its process decides.
 * 5. Write our record; then look whether somebody holds the lock without the kernel.
 */
export function takeWithKernel(path: string, record: LockRecord, lock: KernelLock): Taking | undefined {
  const begun = performance.now();
  for (;;) {
    const taking = tryOnce(path, { ...record, kernel: true }, lock, performance.now() - begun);
    if (taking !== 'again') return taking;
    pauseThread(pauseMs);
  }
}

function tryOnce(path: string, record: LockRecord, lock: KernelLock, waitedMs: number): Taking | 'again' | undefined {
  const fd = openLockFile(path);
  let isTaken = false;
  try {
    const answer = lock(fd);
    if (answer === 'unsupported') return undefined;
    if (answer === 'held') {
      const holder = readRecord(path);
      const isSeen = holder === undefined || isObservable(holder);
      const isCertain = holder !== undefined && isSeen && isAlive(holder);
      return isCertain || waitedMs >= (isSeen ? patienceMs : elsewherePatienceMs)
        ? { kind: 'held', by: holder ?? unknownHolder(record) }
        : 'again';
    }
    if (!isAt(fd, path)) return 'again';
    const left = parseRecord(readFileSync(fd, 'utf8'));
    if (left !== undefined && isAlive(left) && !(left.kernel && isOfThisKernel(left)))
      return { kind: 'held', by: left };
    replaceContent(fd, `${JSON.stringify(record)}\n`);
    const rival = recordHolder(`${path}.pid`);
    if (rival !== undefined) {
      rmSync(path);
      return { kind: 'held', by: rival };
    }
    isTaken = true;
    return { kind: 'taken', dead: left, release: releaseOnce(fd, path) };
  } finally {
    if (!isTaken) closeSync(fd);
  }
}

/** Whether the lock of a record that was read at `path` is held; undefined when it is not the kernel's, or of another machine. */
export function askKernel(path: string, record: LockRecord, lock: KernelLock): boolean | undefined {
  if (!record.kernel || !isOfThisKernel(record)) return undefined;
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const answer = lock(fd);
    return answer === 'unsupported' ? undefined : answer === 'held';
  } finally {
    closeSync(fd);
  }
}

/** Not through a link. That it is no file at all is an error like any other of the file system. */
function openLockFile(path: string): number {
  const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const fd = openSync(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw Object.assign(new Error('it is not a file'), { code: 'EINVAL' });
}

/** The record that is there is written over before the file is cut, so that a full disk does not take it away. */
function replaceContent(fd: number, text: string): void {
  fchmodSync(fd, 0o600);
  const bytes = Buffer.from(text);
  writeFully(fd, bytes, 0);
  ftruncateSync(fd, bytes.length);
}

function isAt(fd: number, path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  const { dev, ino } = fstatSync(fd);
  return found?.dev === dev && found.ino === ino;
}

function releaseOnce(fd: number, path: string): () => void {
  let isReleased = false;
  return () => {
    if (isReleased) return;
    isReleased = true;
    try {
      // Removed while it is locked: who has opened it meanwhile sees that it is not at its place any more.
      if (isAt(fd, path)) rmSync(path);
    } catch {
      // What is left names a run that has ended, and is locked by nobody.
    }
    closeSync(fd);
  };
}
