import type { Executor, StartRequest } from '../../ports.ts';

/**
 * An executor that starts an attempt when the promise of `ready` has resolved, as for a database that is being restarted; an
 * attempt that is stopped before that never starts.
 */
export function startWhenReady(
  executor: Executor,
  ready: (request: StartRequest) => Promise<unknown> | undefined,
): Executor {
  return {
    ...executor,
    start: (request, on, observer) => {
      const wait = ready(request);
      if (wait === undefined) return executor.start(request, on, observer);
      let running: ReturnType<Executor['start']> | undefined;
      let isStopped = false;
      void wait.then(() => {
        if (!isStopped) running = executor.start(request, on, observer);
      });
      return {
        terminate: (graceMs) => {
          running?.terminate(graceMs);
          if (running !== undefined || isStopped) return;
          isStopped = true;
          observer.exited({ kind: 'signalled', signal: 'SIGTERM' });
        },
        hasEnded: () => running?.hasEnded() ?? isStopped,
        hasBegun: () => (running === undefined ? executor.runs === 'here' : (running.hasBegun?.() ?? true)),
      };
    },
  };
}
