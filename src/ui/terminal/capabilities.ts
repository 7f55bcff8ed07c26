/** What is known about the terminal before the first frame. */
export type TerminalFacts = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly inputIsTerminal: boolean;
  readonly outputIsTerminal: boolean;
  /** False with `--no-color`. */
  readonly color: boolean;
  /** True with `--ascii`. */
  readonly ascii: boolean;
};

/** As in chalk: 0 = no colours, 1 = 16, 2 = 256, 3 = all. */
export type ColourLevel = 0 | 1 | 2 | 3;

export type Capabilities = {
  readonly colourLevel: ColourLevel;
  readonly unicode: boolean;
  /** Why the run is printed as plain lines; undefined when a screen can be drawn. */
  readonly plainBecause: string | undefined;
};

export function readCapabilities(facts: TerminalFacts): Capabilities {
  return { colourLevel: colourLevel(facts), unicode: speaksUnicode(facts), plainBecause: plainBecause(facts) };
}

/** A terminal of unknown size reports 0 and is treated as 80x24. */
function plainBecause({ env, inputIsTerminal, outputIsTerminal }: TerminalFacts): string | undefined {
  if (!outputIsTerminal) return 'standard output is not a terminal';
  if (!inputIsTerminal) return 'standard input is not a terminal';
  if (env['TERM'] === 'dumb') return 'TERM=dumb: the terminal cannot place text';
  if (env['INK_SCREEN_READER'] === 'true') return 'a screen reader reads lines better';
  // With either of these variables Ink does not follow the size of the terminal.
  const ci = ['CI', 'CONTINUOUS_INTEGRATION'].find((name) => isOn(env[name]));
  return ci === undefined ? undefined : `${ci} is set`;
}

/** `--no-color` and NO_COLOR turn colours off, FORCE_COLOR turns them on, otherwise the terminal decides. */
function colourLevel({ env, color, outputIsTerminal }: TerminalFacts): ColourLevel {
  if (!color || env['NO_COLOR']) return 0;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forcedLevel(forced);
  const term = env['TERM'] ?? '';
  if (!outputIsTerminal || term === 'dumb') return 0;
  if (/^(truecolor|24bit)$/i.test(env['COLORTERM'] ?? '') || /-(direct|truecolor)$/.test(term)) return 3;
  return /-256(color)?$/.test(term) ? 2 : 1;
}

function forcedLevel(forced: string): ColourLevel {
  if (forced === '0' || forced === 'false') return 0;
  return forced === '2' ? 2 : forced === '3' ? 3 : 1;
}

/** Without a locale, as in most containers, a modern terminal is assumed. */
function speaksUnicode({ env, ascii }: TerminalFacts): boolean {
  // The Linux console has 512 glyphs only.
  if (ascii || env['TERM'] === 'linux') return false;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  return !locale || /utf-?8/i.test(locale);
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '0' && value !== 'false';
}
