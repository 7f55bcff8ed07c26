import {
  type CheckResult,
  type CheckState,
  describeCheckNotRun,
  type RunState,
  unreachable,
} from '../../engine/index.ts';
import type { Display } from './display.ts';

export type CheckVerdict = CheckResult['verdict'];

type CheckDisplay = Display & {
  /** How its name stands out in a list. */
  readonly emphasis: 'bold' | 'plain' | 'dim';
};

/** How each verdict is shown. A failed check has an icon and a colour that no failed task has. */
export const verdictDisplays: Readonly<Record<CheckVerdict, CheckDisplay>> = {
  pass: { icon: 'succeeded', word: 'passed', severity: 'success', emphasis: 'plain' },
  warn: { icon: 'warning', word: 'warned', severity: 'warning', emphasis: 'bold' },
  fail: { icon: 'wrongData', word: 'failed', severity: 'wrongData', emphasis: 'bold' },
  error: { icon: 'unknown', word: 'error', severity: 'failure', emphasis: 'bold' },
};

/** How a check that did not run is shown. */
export const checkNotRun: CheckDisplay = { icon: 'notRun', word: 'not run', severity: 'muted', emphasis: 'dim' };

/** How the check at `index` is shown, which may be one that will not run any more. */
export function checkDisplay(state: RunState, index: number): CheckDisplay {
  const check = state.checks[index]!;
  const notRun = check.kind === 'waiting' && describeCheckNotRun(state, index) !== undefined;
  return notRun ? checkNotRun : checkStateDisplay(check);
}

function checkStateDisplay(check: CheckState): CheckDisplay {
  switch (check.kind) {
    case 'waiting':
      return { icon: 'waiting', word: 'waiting', severity: 'muted', emphasis: 'dim' };
    case 'running':
      return { icon: 'running', word: 'running', severity: 'running', emphasis: 'bold' };
    case 'backing-off':
      return { icon: 'retrying', word: 'retrying', severity: 'warning', emphasis: 'bold' };
    case 'done':
      return verdictDisplays[check.result.verdict];
    default:
      return unreachable(check);
  }
}

/** How a check ended, in two words: `check failed`, `check error`. */
export function checkEnding(verdict: CheckVerdict): string {
  return `check ${verdictDisplays[verdict].word}`;
}

/** How many checks ended how: `3 passed, 1 failed, 2 errors`. */
export function verdictCounts(count: Readonly<Record<CheckVerdict, number>>): readonly (readonly [number, string])[] {
  return (Object.keys(verdictDisplays) as CheckVerdict[]).map((verdict) => {
    const { word } = verdictDisplays[verdict];
    return [count[verdict], verdict === 'error' && count.error !== 1 ? `${word}s` : word];
  });
}
