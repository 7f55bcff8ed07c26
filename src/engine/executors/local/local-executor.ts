import { hostname } from 'node:os';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { HostId } from '../../model/ids.ts';
import { ok, type Result } from '../../model/result.ts';
import type { Executor, Host } from '../../ports.ts';
import { createAttemptBook } from '../process/attempt-book.ts';
import { createHostList } from '../process/host-list.ts';
import { openProcessRunner, type ProcessRunnerOptions } from '../process/process-runner.ts';
import { endAbandonedAttempts } from './abandoned-attempts.ts';

export type LocalExecutorOptions = Omit<ProcessRunnerOptions, 'host'>;

/** Runs attempts as processes of this machine, its only host. Errors: those of `openProcessRunner`. */
export function openLocalExecutor(options: LocalExecutorOptions): Result<Executor, Diagnostic> {
  const name = hostname();
  const host: Host = { id: name as HostId, name, labels: new Set(), slots: options.slots, accepting: true };
  const opened = openProcessRunner({ ...options, host: host.id });
  if (!opened.ok) return opened;
  const runner = opened.value;
  const attempts = createAttemptBook();
  const { hosts, onHostsChanged, replace } = createHostList([host]);
  let isClosing = false;

  return ok({
    runs: 'here',
    hosts,
    onHostsChanged,
    start: (request, on, observer) =>
      attempts.start(request.ref, observer, (watched) => {
        if (on === host.id) return runner.run(request, watched);
        watched.exited({ kind: 'lost', why: 'host-gone', message: `there is no host "${on}"` });
        return undefined;
      }),
    adopt: async (run, observerOf) => {
      const ended = await endAbandonedAttempts(runner.processes, run, runner.id);
      for (const ref of ended) {
        const message = `its etl-tui process has ended; its remaining processes on "${host.id}" were stopped`;
        observerOf(ref).exited({ kind: 'lost', why: 'runner-gone', message });
      }
      return ok(ended);
    },
    close: () => {
      if (!isClosing) replace([{ ...host, accepting: false }]);
      isClosing = true;
      return runner.close();
    },
  });
}
