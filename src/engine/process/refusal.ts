import { statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Exit } from '../model/task-state.ts';
import { isProgram } from './find-bash.ts';
import type { StatusLine } from './slot-status.ts';

type Refused = Extract<StatusLine, { kind: 'refused' }>;

const shortages =
  /temporarily unavailable|cannot allocate memory|too many open files|text file busy|no space left|resource shortage/i;

/** What a person needs to know when a program could not be started. `words` is what bash said of it, if anything. */
export function explainRefusal({ what }: Refused, program: string, cwd: string, words: string): Exit {
  const said = words.trim().split('\n').at(-1) ?? '';
  if (what === 'exec' && shortages.test(said))
    return notStarted('shortage', `cannot start ${program}: ${reason(said)}`);
  switch (what) {
    case 'env':
      return notStarted('usage', 'the environment of the task cannot be set');
    case 'cwd':
      return notStarted(
        'usage',
        `the working directory ${cwd} ${absent(cwd) ? 'does not exist' : 'cannot be entered'}`,
      );
    case 'missing':
      return notStarted('usage', `command not found: ${program}; is it installed, and on the PATH of the task?`);
    case 'exec':
      return notStarted('usage', explainFile(program, cwd) ?? `cannot start ${program}: ${reason(said)}`);
  }
}

function notStarted(why: 'usage' | 'shortage', message: string): Exit {
  return { kind: 'not-started', reason: why, message };
}

function explainFile(program: string, cwd: string): string | undefined {
  if (!program.includes('/')) return undefined;
  const path = isAbsolute(program) ? program : join(cwd, program);
  if (absent(path)) return `command not found: ${path} does not exist`;
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return `${path} is a directory, not a program`;
  return isProgram(path) ? undefined : `${path} is not executable; chmod +x may be missing`;
}

function absent(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

/** Bash's message without its own name and line. */
function reason(said: string): string {
  return said.replace(/^etl-tui-slot: \S+ \d+: (exec: )?/, '') || 'the system refused it';
}
