import type { CheckState } from '../../engine/index.ts';
import type { Style, Theme } from '../theme.ts';

/** How a check's state is shown. A failed check has a glyph and a colour that no failed task has. */
export type CheckDisplay = {
  readonly glyph: string;
  readonly word: string;
  readonly style: Style;
  readonly nameStyle: Style;
};

export function checkDisplay(check: CheckState, { glyphs }: Theme, now = 0): CheckDisplay {
  if (check.kind === 'waiting') return { glyph: glyphs.waiting, word: 'waiting', style: 'dim', nameStyle: 'dim' };
  if (check.kind === 'running') {
    const glyph = glyphs.spinner[Math.floor(now / 100) % glyphs.spinner.length]!;
    return { glyph, word: 'asking', style: 'busy', nameStyle: 'bold' };
  }
  switch (check.result.verdict) {
    case 'pass':
      return { glyph: glyphs.succeeded, word: 'pass', style: 'good', nameStyle: 'plain' };
    case 'warn':
      return { glyph: glyphs.warning, word: 'warn', style: 'warn', nameStyle: 'bold' };
    case 'fail':
      return { glyph: glyphs.wrong, word: 'fail', style: 'wrongBold', nameStyle: 'bold' };
    case 'error':
      return { glyph: glyphs.unknown, word: 'error', style: 'bad', nameStyle: 'bold' };
  }
}
