import type { LaneDrawing } from '../../../../src/display/graph/draw-lanes.ts';
import { unicodeLanes } from '../../../../src/display/graph/lane-cells.ts';

/** Characters with an arm down, up, to the left and to the right. */
const down = new Set('│├┤┼');
const right = new Set('─├┼╰┴▸│');
const left = new Set('─┤┼╯┴◂│');
const meets = new Set('├┤┼╰╯┴');

/** Reads the edges of a drawing from its characters alone, as a person would; `from to`, sorted. */
export function edgesIn({ rows }: Pick<LaneDrawing, 'rows'>): readonly string[] {
  const text = rows.map(({ cells }) => cells.map((cell) => unicodeLanes[cell]));
  const at = (row: number, column: number) => text[row]?.[column] ?? ' ';
  const columnOf = (row: number) => text[row]!.indexOf('●');
  const edges: string[] = [];

  /** The rows of the nodes that a line comes from, upwards from above (`row`, `column`). */
  function sources(row: number, column: number): readonly number[] {
    const found: number[] = [];
    for (let up = row - 1; up >= 0; up -= 1) {
      const glyph = at(up, column);
      if (glyph === '●') return [...found, up];
      if (!down.has(glyph)) break;
      found.push(...joining(up, column));
    }
    return found;
  }

  /** The node that leads into a line at this place: that of the row, or the one above a corner. */
  function joining(row: number, column: number): readonly number[] {
    if (!meets.has(at(row, column))) return [];
    for (const step of [-1, 1]) {
      const arms = step === 1 ? '├┼' : '┤┼';
      if (!arms.includes(at(row, column))) continue;
      for (let next = column + step; ; next += step) {
        const glyph = at(row, next);
        if (glyph === '●') return [row];
        if (glyph === '▸' || glyph === '◂' || glyph === ' ') break;
        if ((glyph === '╯' || glyph === '╰') && columnOf(row) === -1 && at(row - 1, next) === '●') return [row - 1];
      }
    }
    return [];
  }

  rows.forEach(({ node }, row) => {
    if (node === undefined) return;
    const column = columnOf(row);
    const found: number[] = [];
    let isTied = false;
    for (const step of [-1, 1]) {
      const arrow = step === -1 ? '▸' : '◂';
      const beside = at(row, column + step);
      const ways = step === -1 ? right : left;
      if (beside !== arrow) {
        isTied ||= beside === '─' || meets.has(beside);
        continue;
      }
      isTied = true;
      for (let next = column + step; ways.has(at(row, next)); next += step) {
        if (meets.has(at(row, next))) found.push(...sources(row, next));
      }
    }
    if (!isTied) found.push(...sources(row, column));
    for (const source of found) edges.push(`${rows[source]!.node} ${node}`);
  });
  return edges.sort();
}
