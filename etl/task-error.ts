/**
 * An expected failure of a task: the message is one line for a person, saying what is wrong and what to do.
 * `exitCode` 2 means that the task was called wrongly (a parameter, a missing setting) and no retry can help.
 */
export class TaskError extends Error {
  readonly exitCode: 1 | 2;
  /** The source's Retry-After in seconds; the task report passes it to the next attempt. */
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, options: { exitCode?: 1 | 2; retryAfterSeconds?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'TaskError';
    this.exitCode = options.exitCode ?? 1;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
