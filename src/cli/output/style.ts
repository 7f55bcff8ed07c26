import { Chalk, type ChalkInstance } from 'chalk';
import { asciiSparks, unicodeSparks } from '../../display/format/sparkline.ts';
import { asciiIcons, type Icons, unicodeIcons } from '../../display/states/icons.ts';

/** How text is printed: colours (none when they are not wanted), the icons of states, and other glyphs. */
export type Style = { readonly paint: ChalkInstance; readonly icons: Icons; readonly glyphs: Glyphs };

const unicodeGlyphs = {
  bar: '│',
  arrow: '→',
  ellipsis: '…',
  critical: '█',
  other: '▒',
  waits: '·',
  /** The blocks of a sparkline, lowest first. */
  sparks: unicodeSparks as readonly string[],
};
const asciiGlyphs: Glyphs = {
  bar: '|',
  arrow: '->',
  ellipsis: '...',
  critical: '#',
  other: '=',
  waits: '.',
  sparks: asciiSparks,
};

type Glyphs = Readonly<typeof unicodeGlyphs>;

export type StyleOptions = {
  /** False with `--no-color`. */
  readonly color: boolean;
  readonly ascii?: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: boolean;
};

/** `--no-color` and NO_COLOR forbid colours, FORCE_COLOR wants them, and otherwise a terminal decides. */
export function createStyle(options: StyleOptions): Style {
  const isAscii = options.ascii === true || !speaksUnicode(options.env);
  return {
    paint: new Chalk({ level: wantsColour(options) ? 1 : 0 }),
    icons: isAscii ? asciiIcons : unicodeIcons,
    glyphs: isAscii ? asciiGlyphs : unicodeGlyphs,
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
