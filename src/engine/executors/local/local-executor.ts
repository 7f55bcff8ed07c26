import { hostname } from 'node:os';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { HostId } from '../../model/ids.ts';
import { formatAttemptRef } from '../../model/ids.ts';
import { ok, type Result } from '../../model/result.ts';
import type { Executor, Host, RunningAttempt } from '../../ports.ts';
import { exitedAttempt } from '../process/exited-attempt.ts';
import { openProcessRunner, type ProcessRunnerOptions } from '../process/process-runner.ts';
import { endAbandonedAttempts } from './abandoned-attempts.ts';

export type LocalExecutorOptions = Omit<ProcessRunnerOptions, 'host'>;

/** Runs attempts as processes of this machine, its only host. Errors: those of `openProcessRunner`. */
export function openLocalExecutor(options: LocalExecutorOptions): Result<Executor, Diagnostic> {
  const name = hostname();
  let host: Host = { id: name as HostId, name, labels: new Set(), slots: options.slots, accepting: true };
  const opened = openProcessRunner({ ...options, host: host.id });
  if (!opened.ok) return opened;
  const runner = opened.value;
  const running = new Map<string, RunningAttempt>();
  const exited = new Set<string>();
  const listeners = new Set<() => void>();

  return ok({
    runs: 'here',
    hosts: () => [host],
    onHostsChanged: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: (request, on, observer) => {
      const key = formatAttemptRef(request.ref);
      const first = running.get(key);
      if (first !== undefined) return first;
      if (exited.has(key)) return exitedAttempt;
      const exitedNow: typeof observer.exited = (exit) => {
        running.delete(key);
        exited.add(key);
        observer.exited(exit);
      };
      if (on !== host.id) {
        exitedNow({ kind: 'lost', why: 'host-gone', message: `there is no host "${on}"` });
        return exitedAttempt;
      }
      const attempt = runner.run(request, { ...observer, exited: exitedNow });
      if (!exited.has(key)) running.set(key, attempt);
      return attempt;
    },
    adopt: async (run, observerOf) => {
      const ended = await endAbandonedAttempts(runner.processes, run, runner.id);
      for (const ref of ended) {
        const message = `its etl-tui process has ended; its remaining processes on "${host.id}" were stopped`;
        observerOf(ref).exited({ kind: 'lost', why: 'runner-gone', message });
      }
      return ok(ended);
    },
    close: () => {
      if (host.accepting) {
        host = { ...host, accepting: false };
        for (const listener of listeners) listener();
      }
      return runner.close();
    },
  });
}
