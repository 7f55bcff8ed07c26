import type { RunState } from '../../model/run/run-state.ts';
import type { FailureCause } from '../../model/run/task-state.ts';
import type { TaskEntry } from '../../model/run/task-table.ts';

/**
 * How often an attempt that was lost with its host is made again, elsewhere if there is another host. There is a limit because a
 * task may be what takes its hosts down.
 */
export const maxLosses = 3;

/** So that hosts that are lost together are known to be gone before the next start. */
const firstDelayMs = 1_000;

/**
 * When the attempt that runs was lost with its host: the task as it counts that, without charging it. Undefined for every other
 * failure; the loss of an attempt on this machine is an infrastructure failure.
 */
export function lossOn(
  { hosts }: Pick<RunState, 'hosts'>,
  { state, failures, infraFailures, lostOn = [] }: TaskEntry,
  { kind }: FailureCause,
): (Pick<TaskEntry, 'failures' | 'infraFailures'> & { readonly lostOn: readonly string[] }) | undefined {
  if (kind !== 'lost' || state.kind !== 'running' || state.host === undefined) return undefined;
  const { host } = state;
  const name = hosts?.find(({ id }) => id === host)?.name ?? host;
  return { failures, infraFailures, lostOn: [...lostOn, name] };
}

export function lossDelayMs({ lostOn = [] }: TaskEntry): number {
  return firstDelayMs * 4 ** lostOn.length;
}

/** What a task has failed of that was lost too often; the message is that of its last loss. */
export function tooManyLosses(lostOn: readonly string[], cause: FailureCause): FailureCause {
  const names = [...new Set(lostOn)].join(', ');
  const last = cause.kind === 'lost' ? `: ${cause.message}` : '';
  return { kind: 'lost', message: `lost with its host ${lostOn.length} times (${names})${last}` };
}
