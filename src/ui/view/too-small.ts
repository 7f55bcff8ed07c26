import { leastScreen } from '../layout.ts';
import { wrapWords } from '../text/wrap-text.ts';
import type { Theme } from '../theme.ts';
import { paint, span } from './line.ts';

/** What a screen shows that is too small for panes: all of its rows. */
export function tooSmallRows(columns: number, rows: number, theme: Theme): readonly string[] {
  const need = `${leastScreen.columns}x${leastScreen.rows}`;
  const text = `etl-tui needs ${need}, this is ${columns}x${rows}. Tasks keep running; q quits.`;
  const lines = wrapWords(text, Math.max(1, columns));
  const above = Math.max(0, Math.floor((rows - lines.length) / 2));
  return Array.from({ length: Math.max(0, rows) }, (_, row) =>
    paint([span(lines[row - above] ?? '')], Math.max(0, columns), theme),
  );
}
