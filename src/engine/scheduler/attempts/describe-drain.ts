import type { DrainReason } from '../../model/run/run-event.ts';
import { formatLimit } from '../../model/text/format-duration.ts';
import { unreachable } from '../../model/unreachable.ts';
import { journalLost } from '../stop-after-journal-loss.ts';

/** Why a task is cancelled with the run, as the text of its outcome. */
export function describeDrain(reason: DrainReason): string {
  switch (reason.kind) {
    case 'cancelled':
      return 'the run was cancelled';
    case 'run-limit':
      return `the run reached its limit of ${formatLimit(reason.afterMs)}`;
    case 'critical':
      return `the critical task ${reason.task} failed`;
    case 'sequential':
      return `the task ${reason.task} failed, and a sequential run stops at the first failure`;
    case 'journal-lost':
      return journalLost;
    default:
      return unreachable(reason);
  }
}
