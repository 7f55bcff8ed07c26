import { withDeadline } from './with-deadline.ts';

/** So long a file system may take for one step; a disk under heavy load takes a few seconds. */
const patienceMs = 30_000;

/**
 * Waits for a step of the file system, and rejects with the code `ETIMEDOUT` when it does not answer, as a file server
 * that is gone does not. The step itself cannot be called back.
 */
export function withFileSystemDeadline<T>(step: Promise<T>, ms = patienceMs): Promise<T> {
  return withDeadline<T, never>(step, ms, () => {
    throw Object.assign(new Error(`the file system did not answer within ${ms / 1000}s`), { code: 'ETIMEDOUT' });
  });
}
