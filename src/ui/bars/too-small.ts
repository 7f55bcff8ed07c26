import { keyOf } from '../bound-keys.ts';
import { minScreen } from '../layout.ts';
import { paint, styled } from '../primitives/line.ts';
import { wrapWords } from '../primitives/text/wrap-text.ts';
import type { Theme } from '../theme.ts';

/**
 * All rows of a screen that is too small for panes.
 * @param end how the run ended, when it is over
 */
export function tooSmallRows(columns: number, rows: number, theme: Theme, end: string | undefined): readonly string[] {
  const need = `${minScreen.columns}x${minScreen.rows}`;
  const text = `etl-tui needs ${need}, this is ${columns}x${rows}. ${end === undefined ? 'Tasks keep running' : `The run is over: ${end}`}; ${keyOf('quit', 'q')} quits.`;
  const lines = wrapWords(text, Math.max(1, columns));
  const above = Math.max(0, Math.floor((rows - lines.length) / 2));
  return Array.from({ length: Math.max(0, rows) }, (_, row) =>
    paint([styled(lines[row - above] ?? '')], Math.max(0, columns), theme),
  );
}
