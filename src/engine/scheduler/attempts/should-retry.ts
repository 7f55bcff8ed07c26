import type { Command, RetryPolicy, TaskSpec } from '../../model/pipeline/pipeline.ts';
import type { FailureCause } from '../../model/run/task-state.ts';
import type { TaskEntry } from '../../model/run/task-table.ts';
import { displayText } from '../../model/text/display-text.ts';
import { isInfraFailure, maxInfraRetries } from './infra-failure.ts';

/** What an attempt leaves beside its cause of failure. */
export type Remains = {
  /** Whether its program could not be started by a mistake of the author. */
  readonly isUsage: boolean;
  /** The last lines of its output. */
  readonly lastOutput: string;
};

/** The exit codes of a shell for a command that it cannot execute or cannot find. */
const notFoundCodes: readonly (number | undefined)[] = [126, 127];

/**
 * Whether the task gets another attempt:
 * 1. No, when the program does not exist or cannot be executed.
 * 2. An infrastructure failure is retried up to its own limit, whatever the policy says.
 * 3. Any other failure is retried as often as the policy allows, and only for the causes in its `retry_on`.
 */
export function shouldRetry(
  { command, onlyIf, retry }: TaskSpec,
  { failures, infraFailures }: TaskEntry,
  { isUsage, lastOutput }: Remains,
  cause: FailureCause,
): boolean {
  if (isUsage) return false;
  if (isInfraFailure(cause)) return infraFailures < maxInfraRetries;
  if (failures >= retry.retries) return false;
  if (retry.on !== undefined) return matchesRetryOn(retry.on, cause, lastOutput);
  const program = cause.kind === 'only-if' ? (onlyIf?.command ?? command) : command;
  return !isForShell(program) || !notFoundCodes.includes(exitCodeOf(cause));
}

const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'ksh', 'zsh']);

/** Whether it is a text for a shell, which tells by these exit codes what it did not find, and no other interpreter. */
function isForShell(command: Command): boolean {
  if (command.kind !== 'shell') return false;
  return command.shell === undefined || shells.has(command.shell[0].replace(/^.*\//, ''));
}

function matchesRetryOn(on: NonNullable<RetryPolicy['on']>, cause: FailureCause, lastOutput: string): boolean {
  const code = exitCodeOf(cause);
  if (code !== undefined && on.exitCodes.includes(code)) return true;
  if (on.output.length === 0) return false;
  // Colour codes may stand within the text that is searched for.
  const plain = lastOutput.split('\n').map(displayText).join('\n');
  return on.output.some((text) => plain.includes(text) || lastOutput.includes(text));
}

/** The exit code that a shell would report. */
function exitCodeOf(cause: FailureCause): number | undefined {
  if (cause.kind === 'only-if') return exitCodeOf(cause.failure);
  if (cause.kind === 'exit-code') return cause.code;
  if (cause.kind === 'overload') return typeof cause.exit === 'number' ? cause.exit : signalExitCode(cause.exit);
  return cause.kind === 'signal' ? signalExitCode(cause.signal) : undefined;
}

/** Signals by number, from 1; Linux and macOS agree on those that usually end a program. */
const signals =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'.split(
    ' ',
  );

/** The exit code of a shell for a program that a signal ended: 128 plus the signal's number; undefined when unknown. */
function signalExitCode(signal: string): number | undefined {
  const place = signals.indexOf(signal.replace(/^SIG/, ''));
  return place < 0 ? undefined : 129 + place;
}
