import type { TaskSpec } from '../../model/pipeline/pipeline.ts';
import type { Observation } from '../../model/run/messages.ts';
import type { FailureCause, StoppingReason } from '../../model/run/task-state.ts';
import { unreachable } from '../../model/unreachable.ts';

/** Why the attempt failed; undefined when it succeeded. */
export function failureCause(
  spec: TaskSpec,
  { stopping }: { readonly stopping?: StoppingReason },
  { exit, missingOutput }: Extract<Observation, { readonly type: 'exited' }>,
): FailureCause | undefined {
  if (stopping === 'timeout') return { kind: 'timeout', afterMs: spec.timeoutMs };
  switch (exit.kind) {
    case 'exited':
      if (exit.code !== 0) return { kind: 'exit-code', code: exit.code };
      return missingOutput === undefined ? undefined : { kind: 'missing-output', ...missingOutput };
    case 'signalled':
      return { kind: 'signal', signal: exit.signal };
    case 'not-started':
      return { kind: 'not-started', message: exit.message };
    case 'lost':
      return { kind: 'lost', message: exit.message };
    default:
      return unreachable(exit);
  }
}
