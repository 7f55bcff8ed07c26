import { asciiSparks, unicodeSparks } from '../display/format/sparkline.ts';
import { type ColourDepth, lookCode } from '../display/look/look-code.ts';
import { asciiIcons, type Icons, unicodeIcons } from '../display/states/icons.ts';
import type { Severity } from '../display/states/severity.ts';
import type { TextLook } from '../engine/index.ts';

/** What the terminal can do; a theme is chosen from it once. */
export type ThemeCapabilities = {
  /** false = `NO_COLOR`, `--no-color`: bold, dim and inverse stay, colours go. */
  readonly colour: boolean;
  /** false = `--ascii` or a console that has no more: every row is plain ASCII. */
  readonly unicode: boolean;
  /** How many colours it has for what tasks print; without it the sixteen of the palette. */
  readonly depth?: ColourDepth;
};

/** The style of a piece of text, named by its meaning; `styleCodes` gives each its colour. */
export type Style = keyof typeof styleCodes;

export type Theme = {
  readonly unicode: boolean;
  readonly icons: Icons;
  readonly glyphs: Glyphs;
  /** The SGR sequence that begins a style; '' when there is nothing to begin. */
  readonly open: Readonly<Record<Style, string>>;
  /** The same for text that a task printed in colours of its own; always '' without colours and in ASCII. */
  openLook(look: TextLook): string;
};

export function createTheme({ colour, unicode, depth = 1 }: ThemeCapabilities): Theme {
  const open = Object.entries(styleCodes).map(([style, variants]) => {
    const codes: readonly number[] = colour || !('mono' in variants) ? variants.sgr : variants.mono;
    const kept = colour ? codes : codes.filter((code) => code < firstColour);
    return [style, kept.length === 0 ? '' : `\x1b[${kept.join(';')}m`];
  });
  return {
    unicode,
    icons: unicode ? unicodeIcons : asciiIcons,
    glyphs: unicode ? unicodeGlyphs : asciiGlyphs,
    open: Object.fromEntries(open),
    openLook: (look) => lookCode(look, colour && unicode ? depth : 0),
  };
}

/** SGR codes of the terminal's sixteen palette colours: users have chosen those, and every terminal has them. */
const styleCodes = {
  plain: { sgr: [] },
  dim: { sgr: [2] },
  bold: { sgr: [1] },
  border: { sgr: [2] },
  focusBorder: { sgr: [96] },
  title: { sgr: [] },
  focusTitle: { sgr: [1, 96] },
  brand: { sgr: [1, 94] },
  selected: { sgr: [7] },
  marked: { sgr: [1, 96] },
  good: { sgr: [32] },
  goodBold: { sgr: [1, 32] },
  busy: { sgr: [36] },
  busyBold: { sgr: [1, 36] },
  warn: { sgr: [33] },
  warnBold: { sgr: [1, 33] },
  /** A technical failure. */
  bad: { sgr: [31] },
  badBold: { sgr: [1, 31] },
  /** A check that failed: the data is wrong, the program worked. */
  wrong: { sgr: [35] },
  wrongBold: { sgr: [1, 35] },
  /** Blue and orange, which colour-blind readers can tell apart. */
  cpu: { sgr: [94] },
  cpuBold: { sgr: [1, 94] },
  memory: { sgr: [33] },
  connections: { sgr: [36] },
  match: { sgr: [30, 43], mono: [4] },
  currentMatch: { sgr: [1, 30, 46], mono: [7] },
  key: { sgr: [1] },
  /** A line of a task's second stream, when streams are marked. */
  stderr: { sgr: [33] },
} as const satisfies Record<string, { readonly sgr: readonly number[]; readonly mono?: readonly number[] }>;

const firstColour = 30;

/** The style of each severity. */
export const severityStyles: Readonly<Record<Severity, Style>> = {
  success: 'good',
  running: 'busy',
  warning: 'warn',
  failure: 'bad',
  wrongData: 'wrong',
  muted: 'dim',
  plain: 'plain',
};

/** The same in bold; what is muted stays dim. */
export const boldSeverityStyles: Readonly<Record<Severity, Style>> = {
  success: 'goodBold',
  running: 'busyBold',
  warning: 'warnBold',
  failure: 'badBold',
  wrongData: 'wrongBold',
  muted: 'dim',
  plain: 'bold',
};

export type Glyphs = {
  /** The frames of the spinner of a running task, each one column wide. */
  readonly spinner: readonly string[];
  readonly ellipsis: string;
  readonly unfolded: string;
  readonly folded: string;
  readonly branch: string;
  readonly lastBranch: string;
  readonly pointer: string;
  readonly mark: string;
  readonly critical: string;
  /** Before the heading of the column by which a list is sorted. */
  readonly sorted: string;
  readonly up: string;
  readonly down: string;
  /** One column from empty to full, in equal steps; a bar ends with one of them. */
  readonly bar: readonly string[];
  readonly barRest: string;
  readonly rightHalf: string;
  readonly pause: string;
  readonly nowLine: string;
  readonly limitLine: string;
  readonly sparks: readonly string[];
  readonly box: Record<'topLeft' | 'topRight' | 'bottomLeft' | 'bottomRight' | 'flat' | 'upright', string>;
  /** In the order of asciichart's `symbols` option. */
  readonly plot: readonly string[];
  readonly cursor: string;
};

const unicodeGlyphs: Glyphs = {
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
  ellipsis: '…',
  unfolded: '▾',
  folded: '▸',
  branch: '├',
  lastBranch: '└',
  pointer: '›',
  mark: '●',
  critical: '◆',
  sorted: '↓',
  up: '↑',
  down: '↓',
  bar: [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'],
  barRest: ' ',
  rightHalf: '▐',
  pause: '░',
  nowLine: '│',
  limitLine: '╌',
  sparks: unicodeSparks,
  box: { topLeft: '╭', topRight: '╮', bottomLeft: '╰', bottomRight: '╯', flat: '─', upright: '│' },
  plot: ['┼', '┤', '╶', '╴', '─', '╰', '╭', '╮', '╯', '│'],
  cursor: '█',
};

const asciiGlyphs: Glyphs = {
  spinner: ['*'],
  ellipsis: '~',
  unfolded: 'v',
  folded: '>',
  branch: '|',
  lastBranch: '`',
  pointer: '>',
  mark: '*',
  critical: '!',
  sorted: '*',
  up: '^',
  down: 'v',
  bar: [' ', '='],
  barRest: '.',
  rightHalf: '=',
  pause: '.',
  nowLine: '|',
  limitLine: '-',
  sparks: asciiSparks,
  box: { topLeft: '+', topRight: '+', bottomLeft: '+', bottomRight: '+', flat: '-', upright: '|' },
  plot: ['+', '+', '-', '-', '-', '`', '.', '.', "'", '|'],
  cursor: '_',
};
