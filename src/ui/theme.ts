import { asciiSparks, unicodeSparks } from '../display/format/sparkline.ts';
import { type ColourDepth, lookCode } from '../display/look/look-code.ts';
import { asciiIcons, type Icons, unicodeIcons } from '../display/states/icons.ts';
import type { Severity } from '../display/states/severity.ts';
import type { TextColour, TextLook } from '../engine/index.ts';
import { type ColourName, type PaletteName, paletteOf } from './palettes.ts';

/** What the terminal can do, and what its user wants; a theme is chosen from it once. */
export type ThemeCapabilities = {
  /** false = `NO_COLOR`, `--no-color`: bold, dim and inverse stay, colours go. */
  readonly colour: boolean;
  /** false = `--ascii` or a console that has no more: every row is plain ASCII. */
  readonly unicode: boolean;
  /** How many colours it has; without it the sixteen of the palette. */
  readonly depth?: ColourDepth;
  /** Without it the colours of the terminal. */
  readonly palette?: PaletteName;
  /** In place of those of the palette. */
  readonly colours?: ReadonlyMap<string, TextColour>;
};

/** The style of a piece of text, named by its meaning; `styles` gives each its colour. */
export type Style = keyof typeof styles;

export type Theme = {
  readonly unicode: boolean;
  readonly icons: Icons;
  readonly glyphs: Glyphs;
  /** The SGR sequence that begins a style; '' when there is nothing to begin. */
  readonly open: Readonly<Record<Style, string>>;
  /** The same for text that a task printed in colours of its own; always '' without colours and in ASCII. */
  openLook(look: TextLook): string;
};

export function createTheme(capabilities: ThemeCapabilities): Theme {
  const { colour, unicode, depth = 1, palette = 'terminal', colours = new Map() } = capabilities;
  const paint = paletteOf(palette, depth, colours);
  const open = Object.entries(styles).map(([style, { mono, ...look }]: [string, StyleLook]) => {
    const codes = colour ? paint(look) : (mono ?? (look.bold ? '1' : look.colour === 'muted' ? '2' : ''));
    return [style, codes === '' ? '' : `\x1b[${codes}m`];
  });
  return {
    unicode,
    icons: unicode ? unicodeIcons : asciiIcons,
    glyphs: unicode ? unicodeGlyphs : asciiGlyphs,
    open: Object.fromEntries(open),
    openLook: (look) => lookCode(look, colour && unicode ? depth : 0),
  };
}

type StyleLook = {
  readonly colour?: ColourName;
  readonly bold?: true;
  /** Parameters of SGR without colours; without them only what is bold or muted shows. */
  readonly mono?: string;
};

const styles = {
  plain: {},
  dim: { colour: 'muted' },
  bold: { bold: true },
  border: { colour: 'muted' },
  focusBorder: { colour: 'focus' },
  title: {},
  focusTitle: { colour: 'focus', bold: true },
  brand: { colour: 'brand', bold: true },
  selected: { mono: '7', colour: 'selected' },
  marked: { colour: 'focus', bold: true },
  good: { colour: 'success' },
  goodBold: { colour: 'success', bold: true },
  busy: { colour: 'running' },
  busyBold: { colour: 'running', bold: true },
  warn: { colour: 'warning' },
  warnBold: { colour: 'warning', bold: true },
  /** A technical failure. */
  bad: { colour: 'failure' },
  badBold: { colour: 'failure', bold: true },
  /** A check that failed: the data is wrong, the program worked. */
  wrong: { colour: 'wrong-data' },
  wrongBold: { colour: 'wrong-data', bold: true },
  cpu: { colour: 'cpu' },
  cpuBold: { colour: 'cpu', bold: true },
  memory: { colour: 'memory' },
  connections: { colour: 'connections' },
  match: { colour: 'match', mono: '4' },
  currentMatch: { colour: 'current-match', bold: true, mono: '7' },
  key: { bold: true },
  /** A line of a task's second stream, when streams are marked. */
  stderr: { colour: 'stderr' },
} as const satisfies Record<string, StyleLook>;

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
