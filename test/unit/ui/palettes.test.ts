import { describe, expect, test } from 'vitest';
import { choosePalette } from '../../../src/ui/config/choose-theme.ts';
import { createTheme, type Style } from '../../../src/ui/theme.ts';

type Rgb = readonly [number, number, number];

const white: Rgb = [255, 255, 255];
const black: Rgb = [0, 0, 0];

/** The first sixteen as xterm has them. */
const base: readonly Rgb[] = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
];

/** As WCAG 2 measures it: from 1 to 21. */
function contrast(one: Rgb, other: Rgb): number {
  const [light, dim] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dim + 0.05);
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Text and background behind an SGR sequence, on a terminal with these usual ones; undefined for what only it decides. */
function shownColours(open: string, text: Rgb, ground: Rgb): readonly [Rgb, Rgb] | undefined {
  const codes = open.slice(2, -1).split(';').map(Number);
  const shown: [Rgb, Rgb] = [text, ground];
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at]!;
    if (code === 2) return undefined;
    if (code === 7) shown.reverse();
    if (code === 38 || code === 48) {
      const isPalette = codes[at + 1] === 5;
      shown[code === 38 ? 0 : 1] = isPalette
        ? paletteRgb(codes[at + 2]!)
        : (codes.slice(at + 2, at + 5) as unknown as Rgb);
      at += isPalette ? 2 : 4;
      continue;
    }
    for (const [first, offset, place] of [
      [30, 0, 0],
      [90, 8, 0],
      [40, 0, 1],
      [100, 8, 1],
    ] as const)
      if (code >= first && code < first + 8) shown[place] = base[code - first + offset]!;
  }
  return shown;
}

function paletteRgb(index: number): Rgb {
  if (index < 16) return base[index]!;
  if (index >= 232) return [8 + 10 * (index - 232), 8 + 10 * (index - 232), 8 + 10 * (index - 232)];
  const steps = [0, 95, 135, 175, 215, 255];
  const at = index - 16;
  return [steps[Math.floor(at / 36)]!, steps[Math.floor(at / 6) % 6]!, steps[at % 6]!];
}

describe.each([
  ['light', black, white],
  ['dark', white, black],
] as const)('the %s theme', (palette, text, ground) => {
  test.each([1, 2, 3] as const)('is readable in all its colours on a terminal of depth %i', (depth) => {
    const { open } = createTheme({ colour: true, unicode: true, depth, palette });
    const faint: [Style, number][] = [];
    for (const [style, sequence] of Object.entries(open) as [Style, string][]) {
      const colours = shownColours(sequence, text, ground);
      const ratio = colours === undefined ? 0 : contrast(...colours);
      if (ratio < 4.5) faint.push([style, ratio]);
    }
    expect(faint).toEqual([]);
  });

  test('looks the same with 256 colours as with all', () => {
    const coloursAt = (depth: 2 | 3) =>
      Object.values(createTheme({ colour: true, unicode: true, depth, palette }).open).map((open) =>
        shownColours(open, text, ground),
      );
    expect(coloursAt(2)).toEqual(coloursAt(3));
  });

  test('tells what failed from what succeeded, runs, warns and is wrong', () => {
    for (const depth of [1, 2, 3] as const) {
      const { open } = createTheme({ colour: true, unicode: true, depth, palette });
      const others = [open.good, open.busy, open.warn, open.wrong];
      expect(others).not.toContain(open.bad);
    }
  });
});

test('a colour of the user takes the place of that of the theme, as near as the terminal has it', () => {
  const colours = new Map([['success', [0, 95, 0]]] as const);
  const opened = ([0, 1, 2, 3] as const).map(
    (depth) => createTheme({ colour: depth > 0, unicode: true, depth, colours }).open.good,
  );
  expect(opened).toEqual(['', '\u001b[30m', '\u001b[38;5;22m', '\u001b[38;2;0;95;0m']);
});

test.each([
  ['auto', '0;15', 'light'],
  ['auto', '0;default;7', 'light'],
  ['auto', '15;0', 'dark'],
  ['auto', '12;8', 'dark'],
  ['auto', '15;default', 'terminal'],
  ['auto', '15;231', 'terminal'],
  ['auto', undefined, 'terminal'],
  ['light', '15;0', 'light'],
  ['dark', undefined, 'dark'],
] as const)('"theme: %s" with COLORFGBG=%s takes the %s colours', (theme, COLORFGBG, palette) => {
  expect(choosePalette(theme, { COLORFGBG })).toBe(palette);
});
