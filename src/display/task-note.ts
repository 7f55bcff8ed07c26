import {
  describeCause,
  describeNotNeeded,
  describeNotRun,
  describeNotRunShort,
  describeWaited,
  type FailureCause,
  lacksLastGood,
  type RunState,
  rootCausesOf,
  type Staleness,
  type TaskEntry,
  wasNotRun,
  whyNotReused,
  whyReused,
} from '../engine/index.ts';
import { formatCause } from './format/format-cause.ts';
import { formatCountdown, formatDuration } from './format/format-duration.ts';
import { staleSince, staleSinceShort, staleText, staleTextShort } from './staleness-text.ts';
import type { Severity } from './states/severity.ts';

/** A remark on a task beside its numbers, in variants from long to short. */
export type TaskNote = { readonly variants: readonly string[]; readonly severity: Severity };

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
  const attemptOf = `${failures + 1}/${run.plan.tasks[index]!.spec.retry.retries + 1}`;
  switch (state.kind) {
    case 'waiting':
    case 'awaiting':
    case 'asking':
    case 'ready': {
      const reason = why?.();
      return reason === undefined || reason === '' ? undefined : note('muted', reason, ...shorterReasons(reason));
    }
    case 'running': {
      if (state.stopping !== undefined)
        return note('warning', `stopping: ${whyStopping(run, state.stopping)}`, 'stopping');
      const message = entry.report?.message ?? '';
      const attempt = state.fallback
        ? 'fallback'
        : failures > 0
          ? `attempt ${attemptOf}`
          : attempts > 1
            ? `attempt ${attempts}`
            : '';
      const both = [attempt, message].filter((part) => part !== '').join(', ');
      return both === ''
        ? rerunNote(entry)
        : note(attempt === '' ? 'muted' : 'warning', both, ...(attempt === '' ? [] : [attempt]));
    }
    case 'backing-off': {
      const soon = `in ${formatCountdown(state.retryAt - now)}`;
      const requested = state.askedMs === undefined ? [] : [`asked for ${formatDuration(state.askedMs)}, limited`];
      return note(
        'warning',
        ...requested.map((text) => `${formatCause(state.cause)}, attempt ${attemptOf} ${soon} (${text})`),
        `${formatCause(state.cause)}, attempt ${attemptOf} ${soon}`,
        `attempt ${attemptOf} ${soon}`,
        `${attemptOf} ${soon}`,
        soon,
      );
    }
    case 'succeeded':
      if (state.degraded !== undefined) return degradedNote(state.degraded, state.cause, entry);
      if (entry.stale !== undefined) return note('warning', ...staleVariants(entry.stale));
      return attempts > 1 ? note('muted', `on attempt ${attempts}`, `attempt ${attempts}`) : rerunNote(entry);
    case 'failed': {
      const cause = formatCause(state.cause);
      return note(
        state.tolerated ? 'warning' : 'failure',
        ...(lacksLastGood(run, index) ? [`${cause}, and there is no earlier good load`] : []),
        ...(attempts > 1 ? [`${cause} after ${attempts} attempts`] : []),
        cause,
      );
    }
    case 'timed-out':
      return note(state.tolerated ? 'warning' : 'failure', describeCause({ ...state, kind: 'timeout' }), 'timed out');
    case 'skipped':
      return state.waited === undefined
        ? note('muted', 'skipped')
        : note('warning', `skipped: ${describeWaited(state.waited)}`, 'skipped: waited too long', 'skipped');
    case 'not-needed': {
      const why = describeNotNeeded(state, run, index);
      return note('muted', `not needed: ${why}`, why, 'not needed');
    }
    case 'reused':
      if (entry.stale !== undefined) return note('warning', ...staleVariants(entry.stale));
      return note('muted', whyReused(state), `since run ${state.run}`, 'reused');
    case 'upstream-failed':
      return notRunNote(run, index);
    case 'cancelled': {
      if (!state.withRun) return note('muted', `cancelled: ${state.reason}`, 'cancelled');
      const word = wasNotRun(entry) ? 'not run' : 'cancelled';
      // What was under way when the run reached its limit is what took too long.
      const isAtFault = entry.drained?.kind === 'run-limit' && !wasNotRun(entry);
      const why = describeNotRun(run, index);
      return note(isAtFault ? 'failure' : 'muted', `${word}: ${why}`, why, word);
    }
  }
}

/** Why it runs, or has run, although it might have been reused. */
function rerunNote({ changed }: TaskEntry): TaskNote | undefined {
  if (changed === undefined) return undefined;
  const why = whyNotReused(changed);
  return note('muted', `re-run: ${why}`, why);
}

/** What stands in, since when its data is stale, and why the task itself failed. */
function degradedNote(what: string, cause: FailureCause | undefined, { stale, attempts }: TaskEntry): TaskNote {
  const since = stale === undefined ? [] : [staleSince(stale)];
  const shortest = stale === undefined ? ['degraded'] : [staleSinceShort(stale), 'stale'];
  if (cause === undefined)
    return note('warning', [`degraded: ${what}`, ...since].join(', '), `degraded: ${what}`, ...shortest);
  const failure = formatCause(cause);
  const tries = attempts > 1 ? ` after ${attempts} attempts` : '';
  return note(
    'warning',
    `${[`uses ${what}`, ...since].join(', ')}: ${failure}${tries}`,
    `${since.join('')}: ${failure}`,
    ...since,
    ...shortest,
  );
}

function staleVariants(stale: Staleness): readonly string[] {
  return [staleText(stale), staleTextShort(stale), staleSince(stale), staleSinceShort(stale), 'stale'];
}

/** Of the severity of wrong data when the root cause is a failed check, else of a failure. */
function notRunNote(run: RunState, index: number): TaskNote {
  const [first] = rootCausesOf(run, index);
  const isData = first?.kind === 'check' && first.verdict === 'fail';
  const why = describeNotRun(run, index);
  return note(isData ? 'wrongData' : 'failure', `not run: ${why}`, why, describeNotRunShort(run, index), 'not run');
}

/** A shorter variant: `waits for a +3` becomes `for a +3`. */
function shorterReasons(reason: string): readonly string[] {
  return [reason.replace(/^waits /, '')];
}

function whyStopping({ phase }: RunState, why: keyof typeof formatStopping): string {
  const isAtLimit = why === 'cancel' && phase.kind === 'draining' && phase.reason.kind === 'run-limit';
  return isAtLimit ? 'the run reached its limit' : formatStopping[why];
}

const formatStopping = {
  timeout: 'timed out',
  idle: 'timed out without output',
  cancel: 'cancelled',
  skip: 'skipped',
  'journal-lost': 'the journal cannot be written',
} as const;

function note(severity: Severity, ...variants: readonly string[]): TaskNote {
  return { severity, variants };
}
