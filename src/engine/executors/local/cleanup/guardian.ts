import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { withDeadline } from '../../../platform/with-deadline.ts';
import type { ShellPrograms } from '../slots/shell-programs.ts';
import { tenthsOf } from '../slots/slot-instruction.ts';

const restartAfterMs = 1_000;
const leaveWithinMs = 2_000;
const dieWithinMs = 2_000;

/** A process that outlives us for as long as it takes to end our tasks, should we die without doing so. */
export type Guardian = {
  guard(slotPid: number): void;
  forget(slotPid: number): void;
  /** Grows to the longest grace that any attempt was promised. */
  allow(graceMs: number): void;
  /** Nothing is left to guard. Resolves when it has gone, by force if it does not leave. */
  dismiss(): Promise<void>;
};

/** `mark` is how the environment of every attempt can be told, for the search in /proc. */
export function startGuardian(bash: string, programs: ShellPrograms, mark: string, path: string): Guardian {
  const slots = new Set<number>();
  let graceTenths = 50;
  let dismissed = false;
  let again: NodeJS.Timeout | undefined;
  let current = start();

  function start() {
    const startedAt = performance.now();
    const { args, cwd } = programs.guardian();
    const shell = spawn(bash, [...args, mark], {
      cwd,
      // Nothing else: TMOUT, for one, would make it believe that we are dead.
      env: { PATH: path },
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    shell.stdin.on('error', () => undefined);
    shell.stdin.write(`g ${graceTenths}\n${[...slots].map((pid) => `h ${pid}\n`).join('')}`);
    // A shell that could not be started tells an error, and ends no less.
    const ended = once(shell, 'exit').catch(() => undefined);
    const gone = ended.then(() => {
      if (dismissed) return;
      // Killed by somebody: another takes its place, though not faster than this machine lets it live.
      const wait = Math.max(0, startedAt + restartAfterMs - performance.now());
      again = setTimeout(restart, wait);
    });
    return { tell: (line: string) => void shell.stdin.write(line), kill: () => shell.kill('SIGKILL'), gone };
  }

  function restart() {
    try {
      current = start();
    } catch {
      // Its program is gone and cannot be written now; the run goes on, and there may be room in a moment.
      again = setTimeout(restart, restartAfterMs);
    }
  }

  return {
    guard: (pid) => {
      slots.add(pid);
      current.tell(`h ${pid}\n`);
    },
    forget: (pid) => {
      slots.delete(pid);
      current.tell(`x ${pid}\n`);
    },
    allow: (graceMs) => {
      const tenths = tenthsOf(graceMs);
      if (tenths <= graceTenths) return;
      graceTenths = tenths;
      current.tell(`g ${tenths}\n`);
    },
    dismiss: async () => {
      dismissed = true;
      clearTimeout(again);
      current.tell('q\n');
      const { gone, kill } = current;
      await withDeadline(gone, leaveWithinMs, () => {
        kill();
        return withDeadline(gone, dieWithinMs, () => undefined);
      });
    },
  };
}
