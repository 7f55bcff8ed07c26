import type * as working from './worker/run-worker.ts';

/** Takes attempts of runs of other machines; loaded when it is asked for. */
export const startWorker: typeof working.startWorker = async (request) =>
  (await import('./worker/run-worker.ts')).startWorker(request);
