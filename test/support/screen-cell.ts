import type { IBufferCell } from '@xterm/headless';

/** One character of a screen, as it is drawn. */
export type Cell = {
  readonly text: string;
  /** Number of the palette or 0xRRGGBB; undefined for the terminal's own. */
  readonly foreground: number | undefined;
  readonly background: number | undefined;
  readonly isBold: boolean;
  readonly isInverse: boolean;
};

export function readCell(cell: IBufferCell): Cell {
  return {
    text: cell.getChars(),
    foreground: cell.isFgDefault() ? undefined : cell.getFgColor(),
    background: cell.isBgDefault() ? undefined : cell.getBgColor(),
    isBold: cell.isBold() !== 0,
    isInverse: cell.isInverse() !== 0,
  };
}
