import type { RunState } from '../../engine/index.ts';
import type { Style, Theme } from '../theme.ts';

/** How many checks ended with one verdict, for the header. */
export type CheckCount = {
  readonly glyph: string;
  readonly count: number;
  readonly word: string;
  readonly style: Style;
};

/** Checks that failed, ended with an error, or warned. Their glyphs differ from those of tasks, for narrow headers without words. */
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
