import type { RunState } from '../../engine/index.ts';
import type { Style } from '../theme.ts';

/** Where a run stands: a word for wide screens, one for narrow ones, and a style. */
type PhaseWords = { readonly word: string; readonly short: string; readonly style: Style };

/**
 * The phase of a run in words. A run whose tasks all succeeded and whose data did not pass is neither a success nor a
 * technical failure, and says so.
 */
export function phaseWords({ phase, paused, checks }: RunState): PhaseWords {
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
      if (phase.status === 'failed') return { word: 'FAILED', short: 'FAILED', style: 'badBold' };
      if (phase.status === 'cancelled') return { word: 'CANCELLED', short: 'CANCELLED', style: 'warnBold' };
      return checks.some((check) => check.kind === 'done' && check.result.verdict === 'fail')
        ? { word: 'DATA FAILED', short: 'DATA', style: 'wrongBold' }
        : { word: 'SUCCESS', short: 'SUCCESS', style: 'goodBold' };
  }
}
