import type { RunState } from '../../engine/index.ts';
import type { Style, Theme } from '../theme.ts';

/** How many checks found something, as the header counts them beside the tasks. */
export type CheckCount = {
  readonly glyph: string;
  readonly count: number;
  readonly word: string;
  readonly style: Style;
};

/** Checks that failed, could not be asked, or warned; in a narrow row their signs are no sign of a task. */
export function tallyChecks({ checks }: RunState, { glyphs }: Theme): readonly CheckCount[] {
  const count = (verdict: string) =>
    checks.filter((check) => check.kind === 'done' && check.result.verdict === verdict).length;
  const [fail, error, warn] = [count('fail'), count('error'), count('warn')];
  const all: readonly CheckCount[] = [
    { glyph: glyphs.wrong, count: fail, word: fail === 1 ? 'check failed' : 'checks failed', style: 'wrong' },
    { glyph: glyphs.unknown, count: error, word: error === 1 ? 'check error' : 'check errors', style: 'bad' },
    { glyph: glyphs.warning, count: warn, word: warn === 1 ? 'check warned' : 'checks warned', style: 'warn' },
  ];
  return all.filter(({ count: some }) => some > 0);
}
