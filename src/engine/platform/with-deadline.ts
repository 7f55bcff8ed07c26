import { startAwakeTimer } from './awake-timer.ts';

/**
 * Limits `work`, which depends on something outside this program (a server, a file system, another process), to `ms`
 * milliseconds of awake time (see `startAwakeTimer`). Resolves or rejects as `work` does, or, when that takes too long,
 * with what `onLate` returns or throws; the later result of `work` is then ignored.
 */
export async function withDeadline<T, Late>(work: Promise<T>, ms: number, onLate: () => Late): Promise<T | Late> {
  let timer: { cancel(): void } | undefined;
  const late = new Promise<Late>((resolve, reject) => {
    timer = startAwakeTimer(ms, () => {
      try {
        resolve(onLate());
      } catch (error) {
        reject(error);
      }
    });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    timer?.cancel();
    // A later rejection must not be reported as unhandled.
    work.catch(() => undefined);
  }
}
