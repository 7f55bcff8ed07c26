import type { TaskSpec } from '../model/pipeline.ts';
import type { FailureCause } from '../model/task-state.ts';
import type { TaskEntry } from '../model/task-table.ts';
import type { Observation } from '../model/vocabulary.ts';
import { isMishap, mostMishaps } from './mishap.ts';

/**
 * Whether the task gets another attempt. A program that its author named wrongly will not appear by itself; a mishap is
 * tried again whatever the policy says; anything else as often as the policy allows, and only for the causes it names.
 */
export function mayTryAgain(
  { retry }: TaskSpec,
  { failures, mishaps }: TaskEntry,
  { exit, lastOutput }: Extract<Observation, { readonly type: 'exited' }>,
  cause: FailureCause,
): boolean {
  if (cause.kind === 'not-started' && exit.kind === 'not-started' && exit.reason === 'usage') return false;
  if (isMishap(cause)) return mishaps < mostMishaps;
  if (failures >= retry.retries) return false;
  if (retry.on === undefined) return true;
  if (cause.kind === 'exit-code' && retry.on.exitCodes.includes(cause.code)) return true;
  return retry.on.output.some((text) => lastOutput.includes(text));
}
