import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EpochMs, TaskId } from '../../model/ids.ts';
import { lastPart } from '../../model/text/last-part.ts';
import type { AttemptLog, OutputLog, OutputTail } from '../../ports.ts';
import { writeError } from '../fs/cannot-write.ts';
import { FileAttemptLog, noOutput, type StoredOutput } from './attempt-log.ts';
import { attemptLogPath } from './attempt-log-path.ts';
import { CappedLog } from './capped-log.ts';
import { logCap } from './log-parts.ts';
import { StampLog } from './stamps/stamp-log.ts';
import { storedTail } from './stored-tail.ts';

/** Output that came in small pieces reaches the file after this time at the latest, so that it can be followed. */
const flushMs = 50;

/** The whole tail of so many finished attempts stays in memory; of older ones, what the results need. */
const wholeTails = 256;
const oldTailCharacters = 1000;

/**
 * Writes every attempt's output to `<directory>/<task>/<attempt>.log`, both streams in the order in which they came. An
 * attempt without output has no file. A log that cannot be written is dropped, with one call of `onWarning`; the task goes
 * on and its tail stays.
 * When each piece came, and on which stream, is kept beside it (`stamps/`).
 * @param hasEarlier whether another process has written logs there before, whose ends are read when they are asked for
 */
export function openOutputLog(
  directory: string,
  onWarning: (warning: Diagnostic) => void,
  hasEarlier = false,
  now = () => Date.now() as EpochMs,
): OutputLog & { close(): void } {
  const running = new Map<string, FileAttemptLog>();
  const tails = new Map<string, OutputTail>();
  const unflushed = new Set<FileAttemptLog>();
  const finished: string[] = [];
  let timer: NodeJS.Timeout | undefined;

  const path = (task: TaskId, attempt: number) => attemptLogPath(directory, task, attempt);
  const flush = () => {
    timer = undefined;
    for (const log of unflushed) log.flush();
    unflushed.clear();
  };

  return {
    open(task, attempt): AttemptLog {
      const key = `${attempt} ${task}`;
      const at = path(task, attempt);
      const warn = (error: unknown) => onWarning({ ...writeError(at, error), severity: 'warning' });
      const log = new FileAttemptLog({
        create: () => orWarn(() => createFile(at), warn),
        now,
        onWarning: warn,
        waiting: () => {
          unflushed.add(log);
          timer ??= setTimeout(flush, flushMs);
        },
        closed: (tail) => {
          unflushed.delete(log);
          running.delete(key);
          if (tail === noOutput) return;
          tails.set(key, tail);
          finished.push(key);
          if (finished.length > wholeTails) shorten(tails, finished.shift()!);
        },
      });
      running.set(key, log);
      return log;
    },
    tail(task, attempt) {
      const key = `${attempt} ${task}`;
      const known = running.get(key)?.tail() ?? tails.get(key);
      return known ?? (hasEarlier ? storedTail(path(task, attempt)) : noOutput);
    },
    path,
    close() {
      clearTimeout(timer);
      for (const log of [...running.values()]) log.close();
    },
  };
}

function orWarn<Value>(action: () => Value, warn: (error: unknown) => void): Value | undefined {
  try {
    return action();
  } catch (error) {
    warn(error);
    return undefined;
  }
}

function createFile(path: string): StoredOutput {
  makeTaskDirectory(dirname(path));
  const stamps = new StampLog(path);
  return { file: new CappedLog(path, logCap, stamps), stamps };
}

/** Exists already for a second attempt; a link or file in its place is refused. */
function makeTaskDirectory(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
    // A umask may also take the rights of the user.
    chmodSync(path, 0o700);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST' || !lstatSync(path).isDirectory()) throw error;
  }
}

function shorten(tails: Map<string, OutputTail>, key: string): void {
  const tail = tails.get(key)!;
  const stdout = lastOf(tail.stdout);
  const stderr = lastOf(tail.stderr);
  const merged = tail.stderr === '' ? stdout : tail.stdout === '' ? stderr : lastOf(tail.merged);
  tails.set(key, { stdout, stderr, merged });
}

/** A copy: a slice would keep the long text alive. */
function lastOf(text: string): string {
  if (text.length <= oldTailCharacters) return text;
  return Buffer.from(lastPart(text, oldTailCharacters)).toString();
}
