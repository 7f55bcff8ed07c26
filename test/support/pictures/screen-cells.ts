import type xterm from '@xterm/headless';
import type { WindowPalette } from './palette.ts';

/** One character of a screen with its colours as they come out: inverse and dim are worked in. */
export type DrawnCell = {
  readonly text: string;
  /** Columns it takes; 0 behind a wide one. */
  readonly width: number;
  readonly colour: string;
  /** Undefined where the window shows through. */
  readonly background: string | undefined;
  readonly isBold: boolean;
  readonly isDim: boolean;
  readonly isUnderlined: boolean;
};

/** Row by row. */
export function screenCells(terminal: xterm.Terminal, palette: WindowPalette): readonly (readonly DrawnCell[])[] {
  const { active } = terminal.buffer;
  return Array.from({ length: terminal.rows }, (_, row) => {
    const line = active.getLine(row)!;
    return Array.from({ length: terminal.cols }, (_, column) => drawnCell(line.getCell(column)!, palette));
  });
}

function drawnCell(cell: xterm.IBufferCell, palette: WindowPalette): DrawnCell {
  const own = cell.isFgDefault() ? palette.text : colourOf(cell.getFgColor(), cell.isFgRGB(), palette);
  const behind = cell.isBgDefault() ? undefined : colourOf(cell.getBgColor(), cell.isBgRGB(), palette);
  const isInverse = cell.isInverse() !== 0;
  return {
    text: cell.getChars() || ' ',
    width: cell.getWidth(),
    colour: isInverse ? (behind ?? palette.window) : own,
    background: isInverse ? own : behind,
    isBold: cell.isBold() !== 0,
    isDim: cell.isDim() !== 0,
    isUnderlined: cell.isUnderline() !== 0,
  };
}

function colourOf(value: number, isRgb: boolean, palette: WindowPalette): string {
  if (isRgb) return `#${value.toString(16).padStart(6, '0')}`;
  const colour = palette.ansi[value];
  if (colour === undefined) throw new Error(`colour ${value} is not one of the sixteen that every terminal has`);
  return colour;
}
