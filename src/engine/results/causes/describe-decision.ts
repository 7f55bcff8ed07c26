import type { ResumeDecision } from '../../model/run/resume-decision.ts';
import { unreachable } from '../../model/unreachable.ts';
import { whyNotReused } from './describe-reuse.ts';

/** What became of a task when its run was resumed: `reused`, `goes on`, `re-run: its command changed`. */
export function describeDecision(decision: ResumeDecision): string {
  if (decision.kind === 'adopted') return `attempt ${decision.attempt} goes on`;
  const why = whyRerun(decision);
  return why === undefined ? 'reused' : `re-run: ${why}`;
}

/** Why the task is run again, as a clause; undefined when it is not. */
export function whyRerun(decision: ResumeDecision): string | undefined {
  switch (decision.kind) {
    case 'reused':
    case 'adopted':
      return undefined;
    case 'interrupted':
      return `attempt ${decision.attempt} was interrupted`;
    case 'failed':
      return 'it had failed';
    case 'timed-out':
      return 'it had timed out';
    case 'cancelled':
      return 'it was cancelled';
    case 'not-run':
      return 'it was not run before';
    case 'command':
      return 'its command changed';
    case 'environment':
      return 'its environment changed';
    case 'condition':
      return 'its only_if or wait_for changed';
    case 'dependencies':
      return 'what it waits for changed';
    case 'parameters':
      return `its ${decision.names.length === 1 ? 'parameter' : 'parameters'} ${decision.names.join(', ')} changed`;
    case 'upstream':
      return `its upstream ${decision.task} is re-run`;
    case 'torn-down':
      return `${decision.by} tore it down`;
    case 'end':
      return `${decision.task} runs before it`;
    case 'output':
      return `its output ${decision.path} was deleted`;
    case 'input':
      return whyNotReused(decision);
    default:
      return unreachable(decision);
  }
}
