const everyMs = 1_000;

/**
 * Carries out work that waits for the server, and calls `beat` once a second meanwhile: a server that has become silent
 * is noticed by what is asked of it, and the work itself may wait for its answer for many minutes. `beat` never rejects.
 */
export function createHeartbeat(beat: () => Promise<unknown>): <T>(work: () => Promise<T>) => Promise<T> {
  let users = 0;
  let timer: NodeJS.Timeout | undefined;
  let isBeating = false;
  const schedule = () => {
    if (users === 0 || isBeating) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      isBeating = true;
      void beat().then(() => {
        isBeating = false;
        schedule();
      });
    }, everyMs);
  };
  return async (work) => {
    users += 1;
    schedule();
    try {
      return await work();
    } finally {
      users -= 1;
      if (users === 0) clearTimeout(timer);
      if (users === 0) timer = undefined;
    }
  };
}
