import type { ExitVerdict, RunListing } from '../../engine/index.ts';
import { formatDuration } from '../format/format-duration.ts';
import type { Display } from './display.ts';

type RunStatus = RunListing['status'];

/** How the status of a stored run is shown; `clause` follows the name of its pipeline, `time` stands before its duration. */
const statusDisplays: Readonly<
  Record<RunStatus, Display & { readonly clause: string; readonly time: 'in' | 'for' | 'after' }>
> = {
  success: { icon: 'succeeded', word: 'success', severity: 'success', clause: 'succeeded', time: 'in' },
  failed: { icon: 'failed', word: 'failed', severity: 'failure', clause: 'failed', time: 'in' },
  cancelled: { icon: 'notRun', word: 'cancelled', severity: 'muted', clause: 'was cancelled', time: 'in' },
  interrupted: {
    icon: 'warning',
    word: 'interrupted',
    severity: 'warning',
    clause: 'was interrupted',
    time: 'after',
  },
  damaged: {
    icon: 'warning',
    word: 'damaged',
    severity: 'warning',
    clause: 'has a damaged journal and was still running',
    time: 'after',
  },
  unreadable: {
    icon: 'warning',
    word: 'unreadable',
    severity: 'warning',
    clause: 'has the journal of a newer etl-tui and was still running',
    time: 'after',
  },
  running: { icon: 'running', word: 'running', severity: 'running', clause: 'is running', time: 'for' },
};

/** How a run that ended with this verdict is shown; `clause` and `rest` stand before and after its duration. */
export const exitDisplays: Readonly<Record<ExitVerdict, Display & { readonly clause: string; readonly rest: string }>> =
  {
    success: { ...statusDisplays.success, rest: '' },
    'task-failed': { ...statusDisplays.failed, rest: '' },
    'check-failed': {
      icon: 'wrongData',
      word: 'data wrong',
      severity: 'wrongData',
      clause: 'ran',
      rest: ', but its data is wrong',
    },
    'sla-missed': {
      icon: 'failed',
      word: 'SLA missed',
      severity: 'failure',
      clause: 'succeeded',
      rest: ', but missed an SLA',
    },
    cancelled: { ...statusDisplays.cancelled, rest: '' },
  };

/** The verdict of a stored run, where it says more than the status: only the data is wrong, or an SLA was missed. */
function tellingVerdict(
  status: RunStatus,
  verdict: ExitVerdict | undefined,
): 'check-failed' | 'sla-missed' | undefined {
  if (status === 'failed' && verdict === 'check-failed') return verdict;
  return status === 'success' && verdict === 'sla-missed' ? verdict : undefined;
}

/** How a stored run is shown. */
export function storedRunDisplay(status: RunStatus, verdict: ExitVerdict | undefined): Display {
  const told = tellingVerdict(status, verdict);
  return told === undefined ? statusDisplays[status] : exitDisplays[told];
}

/** The words after a pipeline's name that say how its run ended: `ran`, and `in 4.1s, but its data is wrong`. */
export function endingSentence(verdict: ExitVerdict, tookMs: number, remark = ''): readonly [string, string] {
  const { clause, rest } = exitDisplays[verdict];
  return [clause, `in ${formatDuration(tookMs)}${rest}${remark}`];
}

/** The same for a stored run, which may also be running, interrupted or damaged. */
export function storedRunSentence(
  status: RunStatus,
  verdict: ExitVerdict | undefined,
  tookMs: number,
  remark: string,
): readonly [string, string] {
  const told = tellingVerdict(status, verdict);
  if (told !== undefined) return endingSentence(told, tookMs);
  const { clause, time } = statusDisplays[status];
  return [clause, `${time} ${formatDuration(tookMs)}${remark}`];
}
