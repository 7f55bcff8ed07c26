import { setMaxListeners } from 'node:events';
import { maskSecrets } from './mask-secrets.ts';
import { openTaskContext, type TaskContext } from './task-context.ts';
import { TaskError } from './task-error.ts';

export type { TaskContext } from './task-context.ts';

/**
 * The entry of every task program: runs `work`, closes what it opened, and ends the process. Exit code 0, 1 for a
 * failure that a retry may cure, 2 for a wrong call, 130 after SIGINT and 143 after SIGTERM.
 */
export async function runTask(name: string, work: (context: TaskContext) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  // Every request and every wait of a task adds a listener to it.
  setMaxListeners(0, stop.signal);
  let stoppedBy: 'SIGINT' | 'SIGTERM' | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stoppedBy ??= signal;
      stop.abort(new TaskError(`stopped by ${signal}; unfinished work was rolled back`));
    });
  }
  // The reader of the output may close it; the task continues.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});

  let code = 0;
  try {
    const { context, close } = openTaskContext(name, { signal: stop.signal });
    try {
      await work(context);
      stop.signal.throwIfAborted();
    } catch (error) {
      // Stopping closes the connections, so the error of a query is not the reason.
      const reason = stop.signal.aborted ? stop.signal.reason : error;
      code = stoppedBy === undefined ? exitCodeOf(reason) : stoppedBy === 'SIGINT' ? 130 : 143;
      if (reason instanceof TaskError && reason.retryAfterSeconds !== undefined) {
        context.report({ retry_after_seconds: reason.retryAfterSeconds });
      }
      printFailure(name, reason);
    } finally {
      await close();
    }
  } catch (error) {
    code = exitCodeOf(error);
    printFailure(name, error);
  }
  // Idle connections of fetch would keep the process for seconds.
  process.stdout.write('', () => process.exit(code));
}

function exitCodeOf(error: unknown): number {
  return error instanceof TaskError ? error.exitCode : 1;
}

function printFailure(name: string, error: unknown): void {
  process.stderr.write(`${maskSecrets(`${name}: ${describe(error)}`)}\n`);
}

/** One line: the message of an expected failure, or an unexpected error with its causes. */
function describe(error: unknown): string {
  const lines: string[] = [];
  for (let at = error; at !== undefined && lines.length < 4; at = at instanceof Error ? at.cause : undefined) {
    lines.push(at instanceof Error ? at.message || at.name : String(at));
    if (at instanceof TaskError) break;
  }
  return lines.join('; caused by: ').replaceAll(/\s*\n\s*/g, ' ');
}
