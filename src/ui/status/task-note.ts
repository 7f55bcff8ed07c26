import { formatCountdown, formatDuration, formatLimit } from '../../display/format-duration.ts';
import { describeNotRun, type RunState, rootCausesOf, type TaskEntry, wasNotRun } from '../../engine/index.ts';
import type { Style } from '../theme.ts';
import { formatCause } from './format-cause.ts';

/** A remark on a task beside its numbers, in variants from long to short. */
export type TaskNote = { readonly variants: readonly string[]; readonly style: Style };

/**
 * Message, attempts, the cause of a failure or the reason to wait.
 * @param why explains why a task does not start; called for waiting tasks only
 */
export function taskNote(
  run: RunState,
  index: number,
  entry: TaskEntry,
  now: number,
  why?: () => string | undefined,
): TaskNote | undefined {
  const { state, failures, attempts } = entry;
  const tries = `${failures + 1}/${run.plan.tasks[index]!.spec.retry.retries + 1}`;
  switch (state.kind) {
    case 'waiting':
    case 'ready': {
      const reason = why?.();
      return reason === undefined || reason === '' ? undefined : note('dim', reason, ...shorterReasons(reason));
    }
    case 'running': {
      if (state.stopping !== undefined) return note('warn', `stopping: ${formatStopping[state.stopping]}`, 'stopping');
      const message = entry.report?.message ?? '';
      const attempt = state.fallback
        ? 'fallback'
        : failures > 0
          ? `attempt ${tries}`
          : attempts > 1
            ? `attempt ${attempts}`
            : '';
      const both = [attempt, message].filter((part) => part !== '').join(', ');
      return both === ''
        ? undefined
        : note(attempt === '' ? 'dim' : 'warn', both, ...(attempt === '' ? [] : [attempt]));
    }
    case 'backing-off': {
      const soon = `in ${formatCountdown(state.retryAt - now)}`;
      const asked = state.askedMs === undefined ? [] : [`asked for ${formatDuration(state.askedMs)}, bounded`];
      return note(
        'warn',
        ...asked.map((words) => `${formatCause(state.cause)}, attempt ${tries} ${soon} (${words})`),
        `${formatCause(state.cause)}, attempt ${tries} ${soon}`,
        `attempt ${tries} ${soon}`,
        `${tries} ${soon}`,
        soon,
      );
    }
    case 'succeeded':
      if (state.degraded !== undefined) return note('warn', `degraded: ${state.degraded}`, 'degraded');
      return attempts > 1 ? note('dim', `on attempt ${attempts}`, `attempt ${attempts}`) : undefined;
    case 'failed': {
      const cause = formatCause(state.cause);
      return note('bad', ...(attempts > 1 ? [`${cause} after ${attempts} attempts`] : []), cause);
    }
    case 'timed-out':
      return note('bad', `timed out after ${formatLimit(state.afterMs)}`, 'timed out');
    case 'skipped':
      return note('dim', 'skipped');
    case 'upstream-failed':
      return notRunNote(run, index);
    case 'cancelled': {
      if (!state.withRun) return note('dim', `cancelled: ${state.reason}`, 'cancelled');
      const word = wasNotRun(entry) ? 'not run' : 'cancelled';
      return note('dim', `${word}: ${describeNotRun(run, index)}`, word);
    }
  }
}

/** Styled as wrong data when the root cause is a failed check, else as a failure. */
function notRunNote(run: RunState, index: number): TaskNote {
  const [first] = rootCausesOf(run, index);
  const isData = first?.kind === 'check' && first.verdict === 'fail';
  const why = describeNotRun(run, index);
  return note(isData ? 'wrong' : 'bad', `not run: ${why}`, why, 'not run');
}

/** A shorter variant: `waits for a +3` becomes `for a +3`. */
function shorterReasons(reason: string): readonly string[] {
  return [reason.replace(/^waits /, '')];
}

const formatStopping = {
  timeout: 'timed out',
  cancel: 'cancelled',
  skip: 'skipped',
  'journal-lost': 'the journal cannot be written',
} as const;

function note(style: Style, ...variants: readonly string[]): TaskNote {
  return { style, variants };
}
