import type { RunId, TaskId } from './ids.ts';

/** One attempt of one task of one run: no other attempt anywhere has the same. */
export type AttemptRef = { readonly run: RunId; readonly task: TaskId; readonly attempt: number };

/** `run/task/attempt`; none of the parts holds a slash. */
export function formatAttemptRef({ run, task, attempt }: AttemptRef): string {
  return `${run}/${task}/${attempt}`;
}
