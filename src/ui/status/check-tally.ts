import { verdictDisplays } from '../../display/states/check-display.ts';
import type { Display } from '../../display/states/display.ts';
import type { CheckResult, RunState } from '../../engine/index.ts';

/** How many checks ended with one verdict, for the header. */
export type CheckCount = Display & { readonly count: number };

/** Checks that failed, ended with an error, or warned. Their icons differ from those of tasks, for narrow headers without words. */
export function tallyChecks({ checks }: RunState): readonly CheckCount[] {
  return shownVerdicts.flatMap((verdict) => {
    const count = checks.filter((check) => check.kind === 'done' && check.result.verdict === verdict).length;
    if (count === 0) return [];
    const display = verdictDisplays[verdict];
    return [{ ...display, count, word: wordOf(verdict, count) }];
  });
}

const shownVerdicts = ['fail', 'error', 'warn'] as const;

/** Checks that passed; none before the first. */
export function tallyPassed({ checks }: RunState): readonly CheckCount[] {
  const count = checks.filter((check) => check.kind === 'done' && check.result.verdict === 'pass').length;
  return count === 0 ? [] : [{ ...verdictDisplays.pass, count, word: wordOf('pass', count) }];
}

function wordOf(verdict: CheckResult['verdict'], count: number): string {
  const { word } = verdictDisplays[verdict];
  if (verdict === 'error') return count === 1 ? 'check error' : 'check errors';
  return `${count === 1 ? 'check' : 'checks'} ${word}`;
}
