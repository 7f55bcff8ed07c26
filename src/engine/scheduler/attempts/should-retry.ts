import { displayText } from '../../model/display-text.ts';
import type { Observation } from '../../model/messages.ts';
import type { RetryPolicy, TaskSpec } from '../../model/pipeline.ts';
import type { FailureCause } from '../../model/task-state.ts';
import type { TaskEntry } from '../../model/task-table.ts';
import { isInfraFailure, maxInfraRetries } from './infra-failure.ts';
import { signalExitCode } from './signal-exit-code.ts';

/** What a shell says of a command that it cannot execute, or not find. */
const notFoundCodes: readonly (number | undefined)[] = [126, 127];

/**
 * Whether the task gets another attempt. A program whose name is wrong is not retried. A failure of the machine is retried
 * whatever the policy says; any other failure as often as the policy allows, and only for the causes that it names.
 */
export function shouldRetry(
  { command, retry }: TaskSpec,
  { failures, infraFailures }: TaskEntry,
  { exit, lastOutput }: Extract<Observation, { readonly type: 'exited' }>,
  cause: FailureCause,
): boolean {
  if (cause.kind === 'not-started' && exit.kind === 'not-started' && exit.reason === 'usage') return false;
  if (isInfraFailure(cause)) return infraFailures < maxInfraRetries;
  if (failures >= retry.retries) return false;
  if (retry.on !== undefined) return isNamed(retry.on, cause, lastOutput);
  return command.kind !== 'shell' || !notFoundCodes.includes(exitCodeOf(cause));
}

function isNamed(on: NonNullable<RetryPolicy['on']>, cause: FailureCause, lastOutput: string): boolean {
  const code = exitCodeOf(cause);
  if (code !== undefined && on.exitCodes.includes(code)) return true;
  if (on.output.length === 0) return false;
  // A program may colour its words, and one of them within the text that is looked for.
  const plain = lastOutput.split('\n').map(displayText).join('\n');
  return on.output.some((text) => plain.includes(text) || lastOutput.includes(text));
}

/** The code that a shell would give. */
function exitCodeOf(cause: FailureCause): number | undefined {
  if (cause.kind === 'exit-code') return cause.code;
  return cause.kind === 'signal' ? signalExitCode(cause.signal) : undefined;
}
