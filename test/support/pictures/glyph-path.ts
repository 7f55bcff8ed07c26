/** A cell of the picture, in pixels. */
export const cell = { width: 8.4, height: 17 } as const;

/** How a glyph is drawn: lines are stroked, areas filled. */
export type GlyphPath = { readonly kind: 'line' | 'area'; readonly path: string };

/**
 * Glyphs that have to meet their neighbours (frames, bars, charts) as outlines: fonts leave gaps between the rows, and
 * every font other ones. Undefined for a glyph that a font draws well.
 */
export function glyphPath(glyph: string, column: number, row: number): GlyphPath | undefined {
  const code = glyph.codePointAt(0)!;
  const left = column * cell.width;
  const top = row * cell.height;
  const line = boxLines[glyph];
  if (line !== undefined) return { kind: 'line', path: linePath(line, left, top) };
  if (code >= 0x2800 && code <= 0x28ff) return { kind: 'area', path: dots(code - 0x2800, left, top) };
  const area = blockArea(code);
  return area === undefined ? undefined : { kind: 'area', path: rectangle(area, left, top) };
}

/** From the middle of the cell: u, d, l, r to its edges, or a quarter of a circle between two edges. */
const boxLines: Readonly<Record<string, string>> = {
  '─': 'lr',
  '│': 'ud',
  '├': 'udr',
  '┤': 'udl',
  '┼': 'udlr',
  '└': 'ur',
  '╌': 'dashes',
  '╴': 'l',
  '╶': 'r',
  '╭': 'arc dr',
  '╮': 'arc dl',
  '╰': 'arc ur',
  '╯': 'arc ul',
};

function linePath(shape: string, left: number, top: number): string {
  const x = left + cell.width / 2;
  const y = top + cell.height / 2;
  const ends: Readonly<Record<string, readonly [number, number]>> = {
    u: [x, top],
    d: [x, top + cell.height],
    l: [left, y],
    r: [left + cell.width, y],
  };
  if (shape === 'dashes') {
    const [dash, gap] = [cell.width * 0.3, cell.width * 0.2];
    return [0, 1].map((place) => `M${n(left + gap / 2 + place * (dash + gap))} ${n(y)}h${n(dash)}`).join('');
  }
  if (shape.startsWith('arc ')) {
    const [vertical, horizontal] = [ends[shape[4]!]!, ends[shape[5]!]!];
    const radius = cell.width / 2;
    const turn = y + Math.sign(vertical[1] - y) * radius;
    return `M${n(x)} ${n(vertical[1])}V${n(turn)}Q${n(x)} ${n(y)} ${n(horizontal[0])} ${n(y)}`;
  }
  return [...shape].map((end) => `M${n(x)} ${n(y)}L${n(ends[end]![0])} ${n(ends[end]![1])}`).join('');
}

type Area = readonly [left: number, top: number, width: number, height: number];

/** Of the cell, from 0 to 1. */
function blockArea(code: number): Area | undefined {
  if (code >= 0x2581 && code <= 0x2588) {
    const height = (code - 0x2580) / 8;
    return [0, 1 - height, 1, height];
  }
  if (code >= 0x2589 && code <= 0x258f) return [0, 0, (0x2590 - code) / 8, 1];
  return code === 0x2590 ? [0.5, 0, 0.5, 1] : undefined;
}

function rectangle([x, y, width, height]: Area, left: number, top: number): string {
  // Bars of two rows do not run into each other.
  const inset = 2;
  const full = cell.height - 2 * inset;
  const across = n(width * cell.width);
  return `M${n(left + x * cell.width)} ${n(top + inset + y * full)}h${across}v${n(height * full)}h-${across}z`;
}

const brailleDots = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 1],
  [1, 2],
  [0, 3],
  [1, 3],
] as const;

function dots(mask: number, left: number, top: number): string {
  const size = 2.2;
  return brailleDots
    .filter((_, bit) => (mask & (1 << bit)) !== 0)
    .map(([across, down]) => {
      const x = left + (across + 0.5) * (cell.width / 2) - size / 2;
      const y = top + (down + 0.5) * (cell.height / 4) - size / 2;
      return `M${n(x)} ${n(y)}h${size}v${size}h-${size}z`;
    })
    .join('');
}

/** Two places are finer than any screen. */
export function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}
