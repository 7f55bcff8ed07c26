import { statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Exit } from '../../model/task-state.ts';
import { isProgram } from './find-bash.ts';
import type { StatusLine } from './slots/slot-status.ts';

type Refused = Extract<StatusLine, { kind: 'refused' }>;

const shortage =
  /temporarily unavailable|cannot allocate memory|too many open files|text file busy|no space left|resource shortage/i;

/** What a person needs to know when a program was not started for want of something. */
export function explainLaunchError({ what }: Refused, program: string, cwd: string): Exit {
  switch (what) {
    case 'env':
      return notStarted('usage', 'the environment of the task cannot be set');
    case 'cwd':
      return notStarted(
        'usage',
        `the working directory ${cwd} ${isAbsent(cwd) ? 'does not exist' : 'cannot be entered'}`,
      );
    case 'program':
      return notStarted('usage', `command not found: ${program}; is it installed, and on the PATH of the task?`);
  }
}

/**
 * The same when the system would not start it. Then the status is 126 or 127, as programs may also exit with, and what
 * the attempt wrote to stderr is bash's and nobody else's. It begins with the name of the slot's program, which is random.
 */
export function explainFailedExec(
  code: number,
  stderr: string,
  slotName: string,
  program: string,
  cwd: string,
): Exit | undefined {
  if (code !== 126 && code !== 127) return undefined;
  const bashRemark = new RegExp(`^${slotName.replaceAll('.', '\\.')}: \\S+ \\d+: (exec: )?`);
  if (!bashRemark.test(stderr)) return undefined;
  // It says it twice, and the second time it may have forgotten why.
  const [said = ''] = stderr.split('\n');
  const reason = said.replace(bashRemark, '');
  if (shortage.test(reason)) return notStarted('shortage', `cannot start ${program}: ${reason}`);
  return notStarted('usage', explainFile(program, cwd) ?? `cannot start ${program}: ${reason}`);
}

/** Why a program could not be started now, though it could be at another time. */
export function explainShortage(why: string): Exit {
  return notStarted('shortage', `no process could be started: ${why}`);
}

function notStarted(why: 'usage' | 'shortage', message: string): Exit {
  return { kind: 'not-started', reason: why, message };
}

function explainFile(program: string, cwd: string): string | undefined {
  if (!program.includes('/')) return undefined;
  const path = isAbsolute(program) ? program : join(cwd, program);
  if (isAbsent(path)) return `command not found: ${path} does not exist`;
  if (isDirectory(path)) return `${path} is a directory, not a program`;
  return isProgram(path) ? undefined : `${path} is not executable; chmod +x may be missing`;
}

/** What may not be looked at is neither this nor absent. */
function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function isAbsent(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}
