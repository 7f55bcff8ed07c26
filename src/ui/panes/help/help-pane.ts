import type { KeyLine } from '../../bars/footer-row.ts';
import { keyOf } from '../../bound-keys.ts';
import { fitLine, type Line, styled } from '../../primitives/line.ts';
import { bodySize, type PaneShape, paneRows } from '../../primitives/pane.ts';
import { textWidth } from '../../primitives/text/text-width.ts';
import { createTheme, type Theme } from '../../theme.ts';
import { legendSections } from './legend.ts';

/**
 * All keys with what they do, and what all signs mean, by section, in as many columns as fit. `top` is the first row that is
 * shown.
 */
export function helpPane(keys: readonly KeyLine[], top: number, shape: PaneShape, theme: Theme): readonly string[] {
  const size = bodySize(shape);
  const placed = columnsOf(keys, size.width, theme);
  const width = Math.floor(size.width / placed.length);
  const height = heightOf(placed);
  const first = Math.max(0, Math.min(top, height - size.height));
  const body: Line[] = [];
  for (let row = first; row < Math.min(height, first + size.height); row += 1) {
    body.push(placed.flatMap((column) => fitLine(column[row] ?? [], width, theme.glyphs.ellipsis)));
  }
  const below = Math.max(0, height - first - size.height);
  const { up, down } = theme.glyphs;
  return paneRows(
    {
      title: 'Keys and signs',
      right: [styled(height > size.height ? `${scrollKeys()} scroll, Esc closes` : 'Esc closes', 'dim')],
      bottomRight: [
        styled([first > 0 ? `${up}${first}` : '', below > 0 ? `${down}${below}` : ''].join(' ').trim(), 'dim'),
      ].filter(({ text }) => text !== ''),
    },
    body,
    shape,
    theme,
  );
}

/** As they are chosen. */
function scrollKeys(): string {
  return [keyOf('down', 'j'), keyOf('up', 'k'), keyOf('page-up', 'PgUp'), keyOf('page-down', 'PgDn')].join(' ');
}

/** How many rows there are to scroll through. */
export function helpLength(keys: readonly KeyLine[], shape: PaneShape): number {
  return heightOf(columnsOf(keys, bodySize(shape).width, anyTheme));
}

/** Lines are as many in every theme. */
const anyTheme = createTheme({ colour: false, unicode: true });

function columnsOf(keys: readonly KeyLine[], width: number, theme: Theme): readonly (readonly Line[])[] {
  const keyWidth = keys.reduce((widest, { keys: key }) => Math.max(widest, textWidth(key)), 0) + 2;
  const sections = [...sectionsOf(keys, keyWidth), ...legendSections(theme)];
  return arrange(sections, Math.max(1, Math.floor(width / columnWidth)));
}

function heightOf(columns: readonly (readonly Line[])[]): number {
  return columns.reduce((highest, column) => Math.max(highest, column.length), 0);
}

/** Enough for a key and its sentence. */
const columnWidth = 58;

function sectionsOf(keys: readonly KeyLine[], keyWidth: number): readonly (readonly Line[])[] {
  const sections = new Map<string, Line[]>();
  for (const { keys: key, help, enabled, section = '' } of keys) {
    const lines = sections.get(section) ?? (section === '' ? [] : [[styled(` ${section}`, 'bold')]]);
    sections.set(section, lines);
    const blank = ' '.repeat(Math.max(1, keyWidth - textWidth(key)));
    lines.push([
      styled('   '),
      styled(key, enabled ? 'key' : 'dim'),
      styled(`${blank}${help}`, enabled ? 'plain' : 'dim'),
    ]);
  }
  return [...sections.values()];
}

/** Distributes whole sections over columns of about the same height. */
function arrange(sections: readonly (readonly Line[])[], columns: number): readonly (readonly Line[])[] {
  const all = sections.reduce((lines, section) => lines + section.length + 1, 0);
  const share = all / columns;
  const placed: Line[][] = Array.from({ length: columns }, () => []);
  let lines = 0;
  for (const section of sections) {
    const middle = lines + section.length / 2;
    const column = placed[Math.min(columns - 1, Math.floor(middle / share))]!;
    if (column.length > 0) column.push([]);
    column.push(...section);
    lines += section.length + 1;
  }
  return placed;
}
