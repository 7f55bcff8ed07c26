import { statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Exit } from '../../model/run/task-state.ts';
import { isProgram } from './find-program.ts';
import type { StatusLine } from './slots/slot-status.ts';

type LaunchFailure = Extract<StatusLine, { kind: 'launch-failed' }>;

const shortage =
  /temporarily unavailable|cannot allocate memory|too many open files|text file busy|no space left|resource shortage/i;

/** The exit of an attempt whose environment, working directory or program the slot could not use. */
export function explainLaunchFailure({ missing }: LaunchFailure, program: string, cwd: string): Exit {
  switch (missing) {
    case 'env':
      return notStarted('usage', 'the environment of the task cannot be set');
    case 'cwd':
      return notStarted(
        'usage',
        `the working directory ${cwd} ${isAbsent(cwd) ? 'does not exist' : 'cannot be entered'}`,
      );
    case 'program':
      return notStarted('usage', `command not found: ${program}; is it installed and on the PATH of the task?`);
  }
}

/**
 * The exit of an attempt whose program the system would not start; undefined when it was started. The status is then 126
 * or 127, which programs may also exit with, and stderr holds bash's message only. It begins with the name of the slot's
 * program, which is random, so that no program can print it by accident.
 */
export function explainFailedExec(
  code: number,
  stderr: string,
  slotName: string,
  program: string,
  cwd: string,
): Exit | undefined {
  if (code !== 126 && code !== 127) return undefined;
  const messagePrefix = new RegExp(`^${slotName.replaceAll('.', '\\.')}: \\S+ \\d+: (exec: )?`);
  if (!messagePrefix.test(stderr)) return undefined;
  // Bash prints two lines, and only the first always names the reason.
  const [firstLine = ''] = stderr.split('\n');
  const reason = firstLine.replace(messagePrefix, '');
  if (shortage.test(reason)) return notStarted('shortage', `cannot start ${program}: ${reason}${limitOf(reason)}`);
  return notStarted('usage', explainFile(program, cwd) ?? `cannot start ${program}: ${reason}`);
}

/** The exit of an attempt that lacked a resource of the system; another attempt may get it. */
export function explainShortage(why: string): Exit {
  return notStarted('shortage', `no process could be started: ${why}${limitOf(why)}`);
}

/** `EAGAIN` says to a reader neither what there is too much of nor where that is set. */
function limitOf(why: string): string {
  const isFull = /\bEAGAIN\b|temporarily unavailable/i.test(why);
  return isFull ? '; the limit of processes is reached (ulimit -u, or the limit of the container)' : '';
}

function notStarted(reason: 'usage' | 'shortage', message: string): Exit {
  return { kind: 'not-started', reason, message };
}

function explainFile(program: string, cwd: string): string | undefined {
  if (!program.includes('/')) return undefined;
  const path = isAbsolute(program) ? program : join(cwd, program);
  if (isAbsent(path)) return `command not found: ${path} does not exist`;
  if (isDirectory(path)) return `${path} is a directory, not a program`;
  return isProgram(path) ? undefined : `${path} is not executable; use chmod +x`;
}

/** False, too, where the file may not be examined. */
function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Nothing is there either where a part of the path is a file. */
function isAbsent(path: string): boolean {
  try {
    statSync(path);
    return false;
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}
