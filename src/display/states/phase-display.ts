import {
  describeOverload,
  type ExitVerdict,
  entryAt,
  exitVerdict,
  explainCause,
  type RunEvent,
  type RunState,
  type SlaJudgement,
  slotLimit,
  type TaskId,
  unreachable,
} from '../../engine/index.ts';
import { formatLimit } from '../format/format-duration.ts';
import type { Display } from './display.ts';
import { exitDisplays } from './run-display.ts';
import { conditionOf, taskDisplay } from './task-display.ts';

type DrainReason = Extract<RunEvent, { type: 'run.draining' }>['reason'];

type PhaseDisplay = Display & {
  /** The word for narrow screens. */
  readonly short: string;
  /** Why it is so, in variants from long to short; absent where the word says it, or nothing is to be said. */
  readonly reasons?: readonly string[];
};

/**
 * How the phase of a run is shown on the screen, in capitals. A run whose tasks succeeded and whose checks failed is neither
 * a success nor a technical failure; the exit code makes the same distinction.
 */
export function phaseDisplay(state: RunState, slas: readonly SlaJudgement[] = []): PhaseDisplay {
  const { phase, paused } = state;
  switch (phase.kind) {
    case 'planned':
      return { icon: 'none', word: 'STARTING', short: 'START', severity: 'muted' };
    case 'running':
      return paused ? pausedDisplay : runningDisplay(state);
    case 'draining':
      return { ...drainingDisplays[phase.reason.kind], reasons: whyDraining(phase.reason, state) };
    case 'finished':
      return finishedDisplay(exitVerdict(state, slas));
    default:
      return unreachable(phase);
  }
}

const pausedDisplay: PhaseDisplay = {
  icon: 'none',
  word: 'PAUSED',
  short: 'PAUSE',
  severity: 'warning',
  reasons: ['no new tasks start'],
};

/** A run that may start fewer tasks than it was asked to, because of the machine or of what has failed, is throttled. */
function runningDisplay(state: RunState): PhaseDisplay {
  const reasons = whyThrottled(state);
  if (reasons === undefined) return { icon: 'none', word: 'RUNNING', short: 'RUN', severity: 'running' };
  return { icon: 'none', word: 'THROTTLED', short: 'THROTTLE', severity: 'warning', reasons };
}

function whyThrottled(state: RunState): readonly string[] | undefined {
  const { by, allowed } = slotLimit(state);
  if (by === 'machine') return state.capacity?.cause === undefined ? [] : [explainCause(state.capacity.cause)];
  if (by !== 'stepped-down') return undefined;
  const { because } = state.overload;
  const short = `${allowed} at once`;
  return because === undefined ? [short] : [`${short}: ${describeOverload(because)}`, short];
}

function whyDraining(reason: DrainReason, state: RunState): readonly string[] {
  switch (reason.kind) {
    case 'critical': {
      const text = failureOf(reason.task, state);
      return [`critical task ${text}`, text];
    }
    case 'sequential':
      return [failureOf(reason.task, state)];
    case 'run-limit':
      return [`over ${formatLimit(reason.afterMs)}`];
    case 'journal-lost':
      return ['the journal cannot be written', 'journal lost'];
    case 'cancelled':
      return [];
    default:
      return unreachable(reason);
  }
}

/** `load failed`; a task that is retried meanwhile has failed all the same. */
function failureOf(task: TaskId, { plan, tasks }: RunState): string {
  const index = plan.indexOf.get(task);
  const condition = index === undefined ? 'failed' : conditionOf(entryAt(tasks, index));
  return `${task} ${condition === 'timed-out' ? taskDisplay(condition).word : 'failed'}`;
}

const draining: PhaseDisplay = { icon: 'none', word: 'DRAINING', short: 'DRAIN', severity: 'failure' };

const drainingDisplays: Readonly<Record<DrainReason['kind'], PhaseDisplay>> = {
  cancelled: { icon: 'none', word: 'CANCELLING', short: 'CANCEL', severity: 'warning' },
  'run-limit': { icon: 'none', word: 'TIME LIMIT', short: 'LIMIT', severity: 'failure' },
  critical: draining,
  sequential: draining,
  'journal-lost': draining,
};

function finishedDisplay(verdict: ExitVerdict): PhaseDisplay {
  const display = exitDisplays[verdict];
  const word = display.word.toUpperCase();
  // The word and its colour say enough, except of wrong data, which must differ from a failure without colours too.
  const icon = verdict === 'check-failed' ? display.icon : 'none';
  // Where the screen shows nothing else in this place, a cancelled run must not look like one that has not begun.
  const severity = verdict === 'cancelled' ? 'warning' : display.severity;
  return { icon, word, short: word, severity };
}
