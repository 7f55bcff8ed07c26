import { Chalk, type ChalkInstance } from 'chalk';

/** How text is dressed: colours (none when they are not wanted) and the signs that stand before words. */
export type Style = { readonly paint: ChalkInstance; readonly glyphs: Glyphs };

type Sign =
  | 'succeeded'
  | 'failed'
  | 'warned'
  | 'retried'
  | 'notRun'
  | 'running'
  | 'bar'
  | 'arrow'
  | 'ellipsis'
  | 'critical'
  | 'other'
  | 'waits';
type Glyphs = Readonly<Record<Sign, string>>;

const unicodeGlyphs: Glyphs = {
  succeeded: '✓',
  failed: '✗',
  warned: '!',
  retried: '↻',
  notRun: '–',
  running: '▸',
  bar: '│',
  arrow: '→',
  ellipsis: '…',
  critical: '█',
  other: '▒',
  waits: '·',
};

const asciiGlyphs: Glyphs = {
  succeeded: '+',
  failed: 'x',
  warned: '!',
  retried: '~',
  notRun: '-',
  running: '>',
  bar: '|',
  arrow: '->',
  ellipsis: '...',
  critical: '#',
  other: '=',
  waits: '.',
};

export type StyleOptions = {
  /** False with `--no-color`. */
  readonly color: boolean;
  readonly ascii?: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: boolean;
};

/** `--no-color` and NO_COLOR forbid colours, FORCE_COLOR wants them, and otherwise a terminal decides. */
export function createStyle(options: StyleOptions): Style {
  return {
    paint: new Chalk({ level: wantsColour(options) ? 1 : 0 }),
    glyphs: options.ascii === true || !speaksUnicode(options.env) ? asciiGlyphs : unicodeGlyphs,
  };
}

function wantsColour({ color, env, isTerminal }: StyleOptions): boolean {
  if (!color || env['NO_COLOR']) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}

/** Where no locale is set, as in most containers and under cron, the reader of the log is a modern one. */
function speaksUnicode(env: StyleOptions['env']): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  return !locale || /utf-?8/i.test(locale);
}
