import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { LeaseMoment } from '../../../platform/lease-clock.ts';
import { withDeadline } from '../../../platform/with-deadline.ts';
import type { ShellPrograms } from '../slots/shell-programs.ts';
import { tenthsOf } from '../slots/slot-instruction.ts';

const restartAfterMs = 1_000;
const exitWithinMs = 2_000;
const dieWithinMs = 2_000;

/** A process that outlives this one, and ends its attempts if it dies without doing so. */
export type Guardian = {
  /** Undefined when it could not be started; the next one is tried a second later. */
  pid(): number | undefined;
  /** Lets it go on if somebody has stopped it. */
  keepAwake(): void;
  addSlot(pid: number): void;
  removeSlot(pid: number): void;
  /** Raises the grace between SIGTERM and SIGKILL to that of the attempt with the longest. */
  raiseGrace(graceMs: number): void;
  /** For a guardian that watches a lease: at this moment it ends the attempts, unless a later one is told before. */
  endLeaseAt(moment: LeaseMoment): void;
  /** Ends the guardian, by SIGKILL if it does not exit in time. Resolves when it has ended, or does not even then. */
  close(): Promise<void>;
};

export type GuardianOptions = {
  readonly bash: string;
  readonly programs: ShellPrograms;
  /** How an entry of the environment of every attempt begins, for the search in /proc. */
  readonly mark: string;
  readonly path: string;
  /** Whether it is told the end of a lease. */
  readonly watchesLease: boolean;
};

export function startGuardian({ bash, programs, mark, path, watchesLease }: GuardianOptions): Guardian {
  const slots = new Set<number>();
  let graceTenths = 50;
  /** In tenths of a second, by both clocks; none as long as the lease has no end. */
  let leaseEnd: readonly string[] = [];
  let isClosing = false;
  let restartTimer: NodeJS.Timeout | undefined;
  let current = start();

  function start() {
    const startedAt = performance.now();
    const { args, cwd } = programs.guardian();
    const shell = spawn(bash, [...args, mark, ...(watchesLease ? ['lease', ...leaseEnd] : [])], {
      cwd,
      // Nothing else: TMOUT, for example, would end its input as our death does.
      env: { PATH: path },
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // Without the stream when the limit of open files was reached.
    shell.stdin?.on('error', () => undefined);
    shell.stdin?.write(`g ${graceTenths}\n${[...slots].map((pid) => `h ${pid}\n`).join('')}`);
    // A shell that could not be started emits an error, which counts as its end.
    const exited = once(shell, 'exit').catch(() => undefined);
    const ended = exited.then(() => {
      if (isClosing) return;
      // It was killed. One that ends at once each time is started once per `restartAfterMs` only.
      restartTimer = setTimeout(restart, Math.max(0, startedAt + restartAfterMs - performance.now()));
    });
    return {
      pid: shell.pid,
      send: (line: string) => void shell.stdin?.write(line),
      signal: (signal: NodeJS.Signals) => void shell.kill(signal),
      ended,
    };
  }

  function restart() {
    try {
      current = start();
    } catch {
      // Its program was removed and cannot be written now. The run goes on without a guardian until it can.
      restartTimer = setTimeout(restart, restartAfterMs);
    }
  }

  return {
    pid: () => current.pid,
    keepAwake: () => current.signal('SIGCONT'),
    addSlot: (pid) => {
      slots.add(pid);
      current.send(`h ${pid}\n`);
    },
    removeSlot: (pid) => {
      slots.delete(pid);
      current.send(`x ${pid}\n`);
    },
    raiseGrace: (graceMs) => {
      const tenths = tenthsOf(graceMs);
      if (tenths <= graceTenths) return;
      graceTenths = tenths;
      current.send(`g ${tenths}\n`);
    },
    endLeaseAt: ({ sinceBootMs, wallMs }) => {
      leaseEnd = [sinceBootMs, wallMs].map((ms) => String(Math.ceil(ms / 100)));
      current.send(`l ${leaseEnd.join(' ')}\n`);
    },
    close: async () => {
      isClosing = true;
      clearTimeout(restartTimer);
      current.send('q\n');
      const { ended, signal } = current;
      await withDeadline(ended, exitWithinMs, () => {
        signal('SIGKILL');
        return withDeadline(ended, dieWithinMs, () => undefined);
      });
    },
  };
}
