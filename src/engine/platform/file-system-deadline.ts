import { withDeadline } from './with-deadline.ts';

/** A disk under heavy load takes a few seconds for one operation. */
const defaultDeadlineMs = 30_000;

/**
 * Waits for an operation of the file system and rejects with the code `ETIMEDOUT` when it does not respond, as happens when
 * a file server is gone. The operation itself cannot be cancelled.
 */
export function withFileSystemDeadline<T>(operation: Promise<T>, ms = defaultDeadlineMs): Promise<T> {
  return withDeadline<T, never>(operation, ms, () => {
    throw Object.assign(new Error(`the file system did not answer within ${ms / 1000}s`), { code: 'ETIMEDOUT' });
  });
}
