import type { Executor, StartRequest } from '../ports.ts';

/**
 * An executor that waits with an attempt while `ready` says so, as for a database that is being started again; an attempt
 * that is stopped meanwhile never begins.
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
      };
    },
  };
}
