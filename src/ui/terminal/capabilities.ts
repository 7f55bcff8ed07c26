/** What is known of the terminal before anything is drawn. */
export type TerminalFacts = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly inputIsTerminal: boolean;
  readonly outputIsTerminal: boolean;
  /** False with `--no-color`. */
  readonly color: boolean;
  /** True with `--ascii`. */
  readonly ascii: boolean;
};

/** 0 none, 1 the terminal's own sixteen colours, 2 the 256 of xterm, 3 all of them; as chalk counts. */
export type ColourLevel = 0 | 1 | 2 | 3;

export type Capabilities = {
  readonly colourLevel: ColourLevel;
  readonly unicode: boolean;
  /** Why the run has to be told in plain lines; undefined when a screen can be drawn. */
  readonly plainBecause: string | undefined;
};

export function readCapabilities(facts: TerminalFacts): Capabilities {
  return { colourLevel: colourLevel(facts), unicode: speaksUnicode(facts), plainBecause: plainBecause(facts) };
}

/** The size of an unknown terminal is 0, which is no reason: it is taken for 80x24. */
function plainBecause({ env, inputIsTerminal, outputIsTerminal }: TerminalFacts): string | undefined {
  if (!outputIsTerminal) return 'standard output is not a terminal';
  if (!inputIsTerminal) return 'standard input is not a terminal';
  if (env['TERM'] === 'dumb') return 'TERM=dumb: the terminal cannot place text';
  if (env['INK_SCREEN_READER'] === 'true') return 'a screen reader reads lines better';
  // Ink looks at the same two, and does not follow the size of the terminal then.
  const ci = ['CI', 'CONTINUOUS_INTEGRATION'].find((name) => isOn(env[name]));
  return ci === undefined ? undefined : `${ci} is set`;
}

/** `--no-color` and NO_COLOR forbid colours, FORCE_COLOR wants them, and otherwise the terminal decides. */
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

/** Where no locale is set, as in most containers, the terminal is somebody's modern one. */
function speaksUnicode({ env, ascii }: TerminalFacts): boolean {
  // The console of Linux has no more than 512 glyphs.
  if (ascii || env['TERM'] === 'linux') return false;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  return !locale || /utf-?8/i.test(locale);
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '0' && value !== 'false';
}
