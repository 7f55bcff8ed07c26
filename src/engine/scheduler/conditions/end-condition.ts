import type { EpochMs } from '../../model/ids.ts';
import type { MatrixLines } from '../../model/pipeline/matrix.ts';
import type { Result } from '../../model/result.ts';
import type { Answer, ProgramFailure, TaskState } from '../../model/run/task-state.ts';
import { describeAwaited } from '../../model/text/describe-awaited.ts';
import { unreachable } from '../../model/unreachable.ts';
import { failAttempt, failForGood, failWithoutAttempt } from '../attempts/end-attempt.ts';
import { expandFromFiles } from '../attempts/expand-tasks.ts';
import { finishTask } from '../attempts/finish-task.ts';
import { entryIn, record, type Transition } from '../transition.ts';
import { beginAttempt } from './begin-task.ts';
import { isLoadAwaited } from './is-load-awaited.ts';

type Asking = Extract<TaskState, { readonly kind: 'asking' }>;

/** What the task waits for has happened, or cannot be looked for. One that nobody waits for any more is ignored. */
export function endWait(transition: Transition, index: number, failure: ProgramFailure | undefined): void {
  const { state, attempts } = entryIn(transition, index);
  if (state.kind !== 'awaiting') return;
  if (failure === undefined) beginAttempt(transition, index, attempts + 1);
  else failWithoutAttempt(transition, index, { kind: 'wait-for', failure });
}

/** It has not happened in time. This is no failure of the task's own, so that it is not retried. */
export function giveUpWaiting(transition: Transition, index: number, since: EpochMs): void {
  const { state } = entryIn(transition, index);
  const { waitFor } = transition.state.plan.tasks[index]!.spec;
  if (state.kind !== 'awaiting' || state.since !== since || waitFor === undefined) return;
  const waited = { afterMs: waitFor.timeoutMs, what: describeAwaited(waitFor.for) };
  if (waitFor.onTimeout === 'skip') finishTask(transition, index, { kind: 'skipped', waited });
  else failWithoutAttempt(transition, index, { kind: 'awaited', ...waited });
}

/** Whether a task is needed, and not done already; or which instances it stands for. */
export function applyAnswer(transition: Transition, index: number, { attempt }: Asking, answer: Answer): void {
  const { id, onlyIf } = transition.state.plan.tasks[index]!.spec;
  switch (answer.kind) {
    case 'needed':
      record(transition, {
        type: 'task.ready',
        task: id,
        attempt,
        ...(answer.changed === undefined ? {} : { changed: answer.changed }),
      });
      return;
    case 'reused':
      finishTask(transition, index, answer);
      return;
    case 'not-needed':
      finishTask(transition, index, {
        kind: 'not-needed',
        stops: onlyIf?.otherwise === 'stop' && !isLoadAwaited(transition.state, index),
      });
      return;
    case 'values':
      takeValues(transition, index, answer.lines);
      return;
    case 'none': {
      const { failure, isUsage, lastOutput } = answer;
      failAttempt(transition, index, attempt, {
        cause: { kind: 'only-if', failure },
        isUsage: isUsage === true,
        lastOutput,
      });
      return;
    }
    default:
      unreachable(answer);
  }
}

/** Values that cannot be used are no fault that another attempt or a fallback could repair. */
function takeValues(transition: Transition, index: number, lines: Result<MatrixLines, string>): void {
  const filled = lines.ok ? transition.state.plan.open?.fill(lines.value) : lines;
  if (filled?.ok === false) failForGood(transition, index, { kind: 'bad-lines', message: filled.error });
  else if (lines.ok) expandFromFiles(transition, lines.value);
}
