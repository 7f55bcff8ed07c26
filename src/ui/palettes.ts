import { type ColourDepth, lookCode } from '../display/look/look-code.ts';
import type { TextColour } from '../engine/index.ts';

/** What has a colour of its own on the screen, and can be given another; a sentence for the configuration. */
export const colourNames = {
  success: 'What has succeeded.',
  running: 'What is running.',
  warning: 'Warnings, and what is degraded, stale or retried.',
  failure: 'What has failed.',
  'wrong-data': 'Checks that failed: the program worked, the data is wrong.',
  muted: 'Borders, and what matters less.',
  focus: 'The pane that has the focus, and what is marked.',
  brand: 'The name of the program.',
  cpu: 'The CPU chart.',
  memory: 'The memory chart.',
  connections: 'The chart of database connections.',
  match: 'The background of search matches.',
  'current-match': 'The background of the current match.',
  stderr: 'Lines of standard error, when streams are marked.',
} as const;

export type ColourName = keyof typeof colourNames | 'selected';

/** `terminal`: the sixteen colours of the terminal, whose user has chosen them for its background. */
export type PaletteName = 'terminal' | 'dark' | 'light';

/** One of the first sixteen colours, and the exact one where the terminal has more. */
type Shade = { readonly base: number; readonly exact: TextColour };

type Named = Readonly<Record<keyof typeof colourNames, TextColour | Shade | 'dim'>>;

/** Blue and orange are what colour-blind readers can tell apart. */
const terminal: Named = {
  success: 2,
  running: 6,
  warning: 3,
  failure: 1,
  'wrong-data': 5,
  muted: 'dim',
  focus: 14,
  brand: 12,
  cpu: 12,
  memory: 3,
  connections: 6,
  match: 3,
  'current-match': 6,
  stderr: 3,
};

/**
 * Readable on black: the contrast of every text is at least 4.5 to 1. All exact colours of both are among the 256 of
 * most terminals, so that fewer colours change nothing. With sixteen the terminal decides how each looks; those that are readable in the
 * palette of xterm are taken.
 */
const dark: Named = {
  success: shade(2, 0x5fd75f),
  running: shade(6, 0x5fd7d7),
  warning: shade(3, 0xffaf5f),
  failure: shade(9, 0xff5f5f),
  'wrong-data': shade(13, 0xd787ff),
  muted: shade(7, 0x9e9e9e),
  focus: shade(14, 0x5fffff),
  brand: shade(14, 0x87afff),
  cpu: shade(14, 0x87afff),
  memory: shade(3, 0xffaf5f),
  connections: shade(6, 0x5fd7d7),
  match: shade(3, 0xffd75f),
  'current-match': shade(6, 0x5fd7ff),
  stderr: shade(3, 0xffaf5f),
};

/** The same on white. */
const light: Named = {
  success: shade(0, 0x008700),
  running: shade(4, 0x005f87),
  warning: shade(0, 0x875f00),
  failure: shade(1, 0xd70000),
  'wrong-data': shade(5, 0xaf00af),
  muted: shade(0, 0x626262),
  focus: shade(4, 0x005fd7),
  brand: shade(4, 0x0000d7),
  cpu: shade(4, 0x005fd7),
  memory: shade(1, 0xaf5f00),
  connections: shade(5, 0x005f87),
  match: shade(3, 0xffd75f),
  'current-match': shade(6, 0x5fd7ff),
  stderr: shade(0, 0x875f00),
};

const palettes: Readonly<Record<PaletteName, Named>> = { terminal, dark, light };

/** What is written on a background of these: black is readable on all of them. */
const backgrounds: ReadonlySet<ColourName> = new Set(['match', 'current-match']);

/**
 * The SGR parameters of a colour of a palette on a terminal with so many colours; '' for none.
 * @param chosen colours in place of those of the palette, by name
 */
export function paletteOf(
  palette: PaletteName,
  depth: ColourDepth,
  chosen: ReadonlyMap<string, TextColour>,
): (look: { readonly colour?: ColourName; readonly bold?: true }) => string {
  return ({ colour, bold }) => {
    if (colour === 'selected') return '7';
    const wanted = colour === undefined ? undefined : (chosen.get(colour) ?? palettes[palette][colour]);
    if (wanted === 'dim') return '2';
    const exact = typeof wanted === 'object' && 'base' in wanted ? (depth >= 2 ? wanted.exact : wanted.base) : wanted;
    const isBackground = colour !== undefined && backgrounds.has(colour);
    const shown = exact === undefined ? {} : isBackground ? { fore: 0, back: exact } : { fore: exact };
    const code = lookCode({ ...shown, ...(bold ? { weight: 'bold' as const } : {}) }, depth);
    return code.slice(2, -1);
  };
}

function shade(base: number, exact: number): Shade {
  return { base, exact: [exact >> 16, (exact >> 8) & 255, exact & 255] };
}
