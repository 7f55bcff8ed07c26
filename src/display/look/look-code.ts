import type { TextColour, TextLook } from '../../engine/index.ts';

/** How many colours a terminal has: 0 = none, 1 = 16, 2 = 256, 3 = all. */
export type ColourDepth = 0 | 1 | 2 | 3;

/**
 * The SGR sequence that begins a look on a terminal, made of numbers only; '' when there is nothing to begin. Colours that
 * the terminal does not have become the nearest ones, and text in the colour of its background stays readable.
 */
export function lookCode({ fore, back, weight }: TextLook, depth: ColourDepth): string {
  if (depth === 0) return '';
  const codes: (number | string)[] = weight === undefined ? [] : [weight === 'bold' ? 1 : 2];
  const [text, ground] = [colourCode(fore, depth, false), colourCode(back, depth, true)];
  const isHidden = fore !== undefined && colourCode(fore, depth, true) === ground;
  if (!isHidden) codes.push(...[text, ground].filter((code) => code !== undefined));
  return codes.length === 0 ? '' : `\x1b[${codes.join(';')}m`;
}

function colourCode(colour: TextColour | undefined, depth: ColourDepth, isBack: boolean): string | undefined {
  if (colour === undefined) return undefined;
  if (typeof colour !== 'number' && depth === 3) return `${isBack ? 48 : 38};2;${colour.join(';')}`;
  const index = typeof colour === 'number' ? colour : paletteIndex(colour);
  if (index >= 16 && depth >= 2) return `${isBack ? 48 : 38};5;${index}`;
  const first = index < 16 ? index : nearestBase(rgbOf(index));
  return String((first < 8 ? 30 + first : 90 + first - 8) + (isBack ? 10 : 0));
}

/** The nearest of the 6x6x6 cube or the greys. */
function paletteIndex(rgb: Rgb): number {
  const cube = rgb.map(nearestStep);
  const cubeIndex = 16 + 36 * cube[0]! + 6 * cube[1]! + cube[2]!;
  const grey = Math.max(0, Math.min(23, Math.round(((rgb[0] + rgb[1] + rgb[2]) / 3 - 8) / 10)));
  return distance(rgbOf(232 + grey), rgb) < distance(rgbOf(cubeIndex), rgb) ? 232 + grey : cubeIndex;
}

type Rgb = readonly [number, number, number];

const steps = [0, 95, 135, 175, 215, 255];

function nearestStep(value: number): number {
  return steps.reduce((best, step, at) => (Math.abs(step - value) < Math.abs(steps[best]! - value) ? at : best), 0);
}

function rgbOf(index: number): Rgb {
  if (index >= 232) {
    const grey = 8 + 10 * (index - 232);
    return [grey, grey, grey];
  }
  const at = index - 16;
  return [steps[Math.floor(at / 36)]!, steps[Math.floor(at / 6) % 6]!, steps[at % 6]!];
}

function nearestBase(rgb: Rgb): number {
  return base.reduce((best, one, at) => (distance(one, rgb) < distance(base[best]!, rgb) ? at : best), 0);
}

function distance(one: Rgb, other: Rgb): number {
  return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2;
}

/** The first sixteen as most terminals have them. */
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
