import { type Line, styled } from '../../primitives/line.ts';
import type { Theme } from '../../theme.ts';
import { type Meter, meterStyle } from './meter.ts';

/**
 * A filled area without an axis, for few rows: braille with four heights a row and two values a column, or `.:|` on a plain
 * terminal. The newest value is at the right edge. A measured 0 is a line at the bottom, a missing value is blank.
 */
export function areaChart(meter: Meter, width: number, height: number, theme: Theme): readonly Line[] {
  const perColumn = theme.unicode ? 2 : 1;
  const perRow = theme.unicode ? 4 : asciiLevels.length - 1;
  const dots = dotsOf(meter, width * perColumn, height * perRow);
  return Array.from({ length: height }, (_, row): Line => {
    const below = (height - 1 - row) * perRow;
    let text = '';
    for (let column = 0; column < width; column += 1) {
      const levels = dots.slice(column * perColumn, (column + 1) * perColumn);
      const filled = levels.map((level) => Math.min(perRow, Math.max(0, level - below)));
      text += theme.unicode ? braille(filled[0]!, filled[1]!) : asciiLevels[filled[0]!]!;
    }
    return [styled(text, meterStyle(meter))];
  });
}

const asciiLevels = [' ', '.', ':', '|'] as const;

function dotsOf({ samples, max }: Meter, columns: number, height: number): readonly number[] {
  const top = Number.isFinite(max) && max > 0 ? max : 1;
  const shown = columns > 0 ? samples.slice(-columns) : [];
  const blank = Array.from({ length: Math.max(0, columns - shown.length) }, () => 0);
  const dots = shown.map((value) =>
    Number.isFinite(value) ? Math.max(1, Math.round(Math.min(1, Math.max(0, value / top)) * height)) : 0,
  );
  return [...blank, ...dots];
}

// The dots of a cell from its bottom up, as bits of the code point.
const leftDots = [0, 0x40, 0x44, 0x46, 0x47] as const;
const rightDots = [0, 0x80, 0xa0, 0xb0, 0xb8] as const;

function braille(left: number, right: number): string {
  const bits = leftDots[left]! | rightDots[right]!;
  return bits === 0 ? ' ' : String.fromCodePoint(0x2800 + bits);
}
