import { startAwakeTimer } from './awake-timer.ts';

/**
 * Gives `work`, which depends on something foreign (a server, a file system, another process), at most `ms`
 * milliseconds that this process is awake. Resolves or rejects as `work` does; when it has done neither by then, with what `onLate` returns or
 * throws, and what `work` does later is ignored. The timer does not keep the program alive once `work` has ended.
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
    // Its late failure has nobody to go to, and must not count as unhandled.
    work.catch(() => undefined);
  }
}
