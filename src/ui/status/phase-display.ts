import { exitVerdict, type RunState, unreachable } from '../../engine/index.ts';
import type { Style } from '../theme.ts';

/** How the phase of a run is shown: a word for wide screens, one for narrow ones, and a style. */
type PhaseDisplay = {
  readonly word: string;
  readonly short: string;
  readonly style: Style;
  /** The glyph before the word, for wrong data. */
  readonly glyph?: 'wrong';
};

/**
 * The phase of a run as it is shown. A run whose tasks succeeded and whose checks failed is neither a success nor a technical
 * failure; the exit code makes the same distinction.
 */
export function phaseDisplay(state: RunState): PhaseDisplay {
  const { phase, paused } = state;
  switch (phase.kind) {
    case 'planned':
      return { word: 'STARTING', short: 'START', style: 'dim' };
    case 'running':
      return paused
        ? { word: 'PAUSED', short: 'PAUSE', style: 'warnBold' }
        : { word: 'RUNNING', short: 'RUN', style: 'busyBold' };
    case 'draining':
      return phase.reason.kind === 'cancelled'
        ? { word: 'CANCELLING', short: 'CANCEL', style: 'warnBold' }
        : { word: 'DRAINING', short: 'DRAIN', style: 'badBold' };
    case 'finished':
      return finishedDisplay(state);
  }
}

function finishedDisplay(state: RunState): PhaseDisplay {
  const verdict = exitVerdict(state);
  switch (verdict) {
    case 'success':
      return { word: 'SUCCESS', short: 'SUCCESS', style: 'goodBold' };
    case 'task-failed':
      return { word: 'FAILED', short: 'FAILED', style: 'badBold' };
    case 'check-failed':
      return { word: 'DATA WRONG', short: 'DATA WRONG', style: 'wrongBold', glyph: 'wrong' };
    case 'cancelled':
      return { word: 'CANCELLED', short: 'CANCELLED', style: 'warnBold' };
    default:
      return unreachable(verdict);
  }
}
