import { cell, glyphPath, n } from './glyph-path.ts';
import type { WindowPalette } from './palette.ts';
import type { DrawnCell } from './screen-cells.ts';

export type PictureTexts = {
  /** In the bar of the window. */
  readonly command: string;
  /** What people hear who do not see the picture. */
  readonly title: string;
  readonly description: string;
};

const pad = 14;
const bar = 32;
/** Of a letter, from the top of its row. */
const baseline = 12.8;

/** A screen in a window. Its text is in it as well, for whoever wants to compare. */
export function drawSvg(rows: readonly (readonly DrawnCell[])[], words: PictureTexts, palette: WindowPalette): string {
  const width = rows[0]!.length * cell.width + 2 * pad;
  const height = rows.length * cell.height + 2 * pad + bar;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${n(width)} ${n(height)}" width="${n(width)}" height="${n(height)}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(words.title)}</title>`,
    `<desc id="description">${escaped(words.description)}</desc>`,
    `<metadata>${escaped(`\n${textOf(rows)}\n`)}</metadata>`,
    `<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}.b{font-weight:700}.d{opacity:.58}.u{text-decoration:underline}.l{fill:none;stroke-width:1.1}</style>`,
    `<rect x=".5" y=".5" width="${n(width - 1)}" height="${n(height - 1)}" rx="9" fill="${palette.window}" stroke="${palette.frame}"/>`,
    `<path d="M1 ${bar}V9.5A8.5 8.5 0 0 1 9.5 1H${n(width - 9.5)}A8.5 8.5 0 0 1 ${n(width - 1)} 9.5V${bar}z" fill="${palette.bar}"/>`,
    ...[0, 1, 2].map((place) => `<circle cx="${20 + place * 18}" cy="16.5" r="5" fill="${palette.frame}"/>`),
    `<text x="${n(width / 2)}" y="21" text-anchor="middle" fill="${palette.title}">${escaped(words.command)}</text>`,
    `<g transform="translate(${pad} ${bar + pad})">`,
    ...backgrounds(rows),
    ...outlines(rows),
    ...rows.flatMap(texts),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function textOf(rows: readonly (readonly DrawnCell[])[]): string {
  return rows
    .map((row) =>
      row
        .map(({ text, width }) => (width === 0 ? '' : text))
        .join('')
        .trimEnd(),
    )
    .join('\n');
}

/** The text of the screen that a picture was drawn from. */
export function textIn(svg: string): string {
  const [, text = ''] = /<metadata>\n(.*)\n<\/metadata>/s.exec(svg) ?? [];
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function backgrounds(rows: readonly (readonly DrawnCell[])[]): readonly string[] {
  return rows.flatMap((row, y) =>
    runs(row, (left, right) => left.background === right.background).flatMap(({ column, cells }) => {
      const [{ background }] = cells as [DrawnCell];
      if (background === undefined) return [];
      return `<rect x="${n(column * cell.width)}" y="${y * cell.height}" width="${n(cells.length * cell.width)}" height="${cell.height}" fill="${background}"/>`;
    }),
  );
}

/** All lines of one look are one path, and so are all areas. */
function outlines(rows: readonly (readonly DrawnCell[])[]): readonly string[] {
  const paths = new Map<string, string>();
  for (const [y, row] of rows.entries()) {
    for (const [x, drawn] of row.entries()) {
      const glyph = glyphPath(drawn.text, x, y);
      if (glyph === undefined) continue;
      const look =
        glyph.kind === 'line' ? `class="l${drawn.isDim ? ' d' : ''}" stroke` : `${drawn.isDim ? 'class="d" ' : ''}fill`;
      const key = `${look}="${drawn.colour}"`;
      paths.set(key, (paths.get(key) ?? '') + glyph.path);
    }
  }
  return [...paths].map(([look, path]) => `<path ${look} d="${path}"/>`);
}

/**
 * One for each stretch of plain letters, and one for each other glyph: no font gets to move what follows. Of several
 * blanks in a row, some who draw SVG leave only one.
 */
function texts(row: readonly DrawnCell[], y: number): readonly string[] {
  return runs(row, (left, right) => isLetter(left) && isLetter(right) && styleOf(left) === styleOf(right)).flatMap(
    ({ column, cells }) => {
      const [first] = cells as [DrawnCell];
      if (glyphPath(first.text, 0, 0) !== undefined) return [];
      const text = cells.map((one) => one.text).join('');
      return [...text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: words, index }) => {
        const place = `x="${n((column + index) * cell.width)}" y="${n(y * cell.height + baseline)}"`;
        const length = isLetter(first) ? ` textLength="${n(words.length * cell.width)}"` : '';
        return `<text ${place}${length} ${styleOf(first)}>${escaped(words)}</text>`;
      });
    },
  );
}

function isLetter({ text }: DrawnCell): boolean {
  return /^[ -~]$/.test(text);
}

function styleOf({ colour, isBold, isDim, isUnderlined }: DrawnCell): string {
  const classes = [...(isBold ? ['b'] : []), ...(isDim ? ['d'] : []), ...(isUnderlined ? ['u'] : [])].join(' ');
  return `${classes === '' ? '' : `class="${classes}" `}fill="${colour}"`;
}

type Run = { readonly column: number; readonly cells: readonly DrawnCell[] };

function runs(row: readonly DrawnCell[], belong: (left: DrawnCell, right: DrawnCell) => boolean): readonly Run[] {
  const found: { column: number; cells: DrawnCell[] }[] = [];
  for (const [column, drawn] of row.entries()) {
    const last = found[found.length - 1];
    if (last !== undefined && belong(last.cells[0]!, drawn)) last.cells.push(drawn);
    else found.push({ column, cells: [drawn] });
  }
  return found;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
