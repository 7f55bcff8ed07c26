import { stringWidth } from './string-width.ts';

/** Rows of cells under each other, two spaces between; columns named in `right` end together instead of beginning so. */
export function tableLines(rows: readonly (readonly string[])[], right: readonly number[] = []): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? 0, stringWidth(cell));
    });
  }
  return rows.map((row) => {
    const cells = row.map((cell, at) => {
      const space = ' '.repeat(widths[at]! - stringWidth(cell));
      return right.includes(at) ? space + cell : cell + space;
    });
    return cells.join('  ').trimEnd();
  });
}
