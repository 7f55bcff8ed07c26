import type { Command } from '../../model/pipeline/pipeline.ts';
import type { PendingCondition } from '../../ports.ts';
import { runToEnd } from '../attempts/run-to-end.ts';
import { endSessions, failureOf } from './ask-command.ts';
import type { ConditionOf, ConditionParts, Found } from './condition-parts.ts';

/** A look that takes longer is ended, and the next one follows. */
const shortestLimitMs = 60_000;
/** The exit codes of a shell for a command that it cannot execute or cannot find. */
const notFoundCodes: readonly number[] = [126, 127];

/** Looks once by a command: exit code 0 means that it has happened, any other that it has not, unless there is no such command. */
export function pollCommand(
  { executor, clock, requestOf, sessions }: ConditionParts,
  of: ConditionOf,
  command: Command,
  everyMs: number,
  found: (found: Found) => void,
): PendingCondition {
  const timeoutMs = Math.max(everyMs, shortestLimitMs);
  const runner = { executor, clock, output: () => undefined, timeoutMs };
  return runToEnd(requestOf(of, command, timeoutMs), runner, (ended) => {
    const failure = failureOf(ended, timeoutMs);
    if (failure === undefined) return found('yes');
    const isUsage = ended.exit.kind === 'not-started' && ended.exit.reason === 'usage';
    const isNotFound = failure.kind === 'exit-code' && notFoundCodes.includes(failure.code);
    if (isUsage || isNotFound) return found(failure);
    void (failure.kind === 'exit-code' ? Promise.resolve() : endSessions(sessions, of)).then(() => found('no'));
  });
}
