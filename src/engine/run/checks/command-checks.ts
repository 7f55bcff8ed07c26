import { performance } from 'node:perf_hooks';
import type { AttemptRef } from '../../model/ids.ts';
import type { CheckSpec } from '../../model/pipeline/pipeline.ts';
import type { CheckAnswer } from '../../model/run/check-result.ts';
import { formatLimit } from '../../model/text/format-duration.ts';
import type { BackendTerminator, CheckRunner, Clock, Executor, StartRequest } from '../../ports.ts';
import { type Ended, runToEnd } from '../attempts/run-to-end.ts';
import { keepCommandOutput } from './command-output.ts';
import { judgeCommand } from './judge-command.ts';

export type CommandCheckOptions = {
  readonly executor: Executor;
  readonly clock: Clock;
  /** What the process gets; `attempt` counts how often the check was asked. */
  readonly requestOf: (check: CheckSpec, attempt: number) => StartRequest;
  /** Ends what a command that was ended has left running in the database; absent without one. */
  readonly sessions?: BackendTerminator;
};

/**
 * Runs the checks that are commands. Each is an attempt of the executor, like those of tasks: masked, and ended with
 * everything that it started, when it takes too long and when the executor is closed.
 */
export function commandChecks({ executor, clock, requestOf, sessions }: CommandCheckOptions): CheckRunner {
  const attempts = new Map<string, number>();
  return {
    run: async (check) => {
      const { definition, name, timeoutMs } = check;
      if (definition.kind !== 'command') throw new Error(`check "${name}" has no command`);
      const attempt = (attempts.get(name) ?? 0) + 1;
      attempts.set(name, attempt);
      const startedMs = performance.now();
      const request = requestOf(check, attempt);
      const output = keepCommandOutput();
      const ended = await new Promise<Ended>((resolve) =>
        runToEnd(request, { executor, clock, output: output.write, timeoutMs }, resolve),
      );
      const durationMs = Math.round(performance.now() - startedMs);
      if (ended.timedOut || ended.exit.kind !== 'exited') await endSessions(sessions, request.ref);
      const finding = ended.timedOut
        ? ({ verdict: 'error', summary: `timed out after ${formatLimit(timeoutMs)}`, measured: {} } as const)
        : judgeCommand(ended.exit, output, definition.expect, check.onFail);
      return { check: name, ...finding, durationMs } satisfies CheckAnswer;
    },
  };
}

/** The server goes on with a query whose client is gone. */
function endSessions(
  sessions: BackendTerminator | undefined,
  { task, attempt }: AttemptRef,
): Promise<void> | undefined {
  return sessions?.endSessions(task, attempt);
}
