import { describe, expect, test } from 'vitest';
import { readCapabilities, type TerminalFacts } from '../../../../src/ui/terminal/capabilities.ts';

const terminal: TerminalFacts = {
  env: { TERM: 'xterm-256color', LANG: 'en_US.UTF-8' },
  inputIsTerminal: true,
  outputIsTerminal: true,
  color: true,
  ascii: false,
};

type Env = TerminalFacts['env'];

function read(env: Env, more: Partial<TerminalFacts> = {}) {
  return readCapabilities({ ...terminal, ...more, env: { ...terminal.env, ...env } });
}

test('an ordinary terminal shows a screen, in colour and Unicode', () => {
  expect(read({})).toEqual({ colourLevel: 2, unicode: true, plainBecause: undefined });
});

describe('colours', () => {
  const levels: readonly (readonly [because: string, env: Env, level: number, more: Partial<TerminalFacts>])[] = [
    ['all of them with COLORTERM', { COLORTERM: 'truecolor' }, 3, {}],
    ['all of them in a direct colour terminal', { TERM: 'xterm-direct' }, 3, {}],
    ['sixteen in a plain one', { TERM: 'xterm' }, 1, {}],
    ['sixteen where TERM is not set', { TERM: undefined }, 1, {}],
    ['none with NO_COLOR', { NO_COLOR: '1', COLORTERM: 'truecolor' }, 0, {}],
    ['not switched off by an empty NO_COLOR', { NO_COLOR: '' }, 2, {}],
    ['none with --no-color', { FORCE_COLOR: '3' }, 0, { color: false }],
    ['none with TERM=dumb', { TERM: 'dumb' }, 0, {}],
    ['none into a pipe', {}, 0, { outputIsTerminal: false }],
    ['forced into a pipe', { FORCE_COLOR: '1' }, 1, { outputIsTerminal: false }],
    ['forced to a level', { FORCE_COLOR: '3', TERM: 'xterm' }, 3, {}],
    ['forced off', { FORCE_COLOR: '0' }, 0, {}],
    ['NO_COLOR before FORCE_COLOR', { FORCE_COLOR: '3', NO_COLOR: '1' }, 0, {}],
  ];

  test.each(levels)('%s', (_, env, level, more) => {
    expect(read(env, more).colourLevel).toBe(level);
  });
});

describe('Unicode', () => {
  const cases: readonly (readonly [because: string, env: Env, unicode: boolean, ascii: boolean])[] = [
    ['not with --ascii', {}, false, true],
    ['not on the Linux console', { TERM: 'linux' }, false, false],
    ['not in the C locale', { LANG: 'C' }, false, false],
    ['not where LC_ALL overrules LANG', { LC_ALL: 'POSIX' }, false, false],
    ['where LC_CTYPE says so', { LANG: 'C', LC_CTYPE: 'C.utf8' }, true, false],
    ['where no locale is set', { LANG: undefined }, true, false],
  ];

  test.each(cases)('%s', (_, env, unicode, ascii) => {
    expect(read(env, { ascii }).unicode).toBe(unicode);
  });
});

describe('the plain log is used instead of the screen', () => {
  const cases: readonly (readonly [because: string, env: Env, said: RegExp, more: Partial<TerminalFacts>])[] = [
    ['into a pipe', {}, /standard output/, { outputIsTerminal: false }],
    ['without a keyboard', {}, /standard input/, { inputIsTerminal: false }],
    ['with TERM=dumb', { TERM: 'dumb' }, /TERM=dumb/, {}],
    ['for a screen reader', { INK_SCREEN_READER: 'true' }, /screen reader/, {}],
    ['in CI', { CI: 'true' }, /^CI is set/, {}],
    ['in other CI', { CONTINUOUS_INTEGRATION: '1' }, /^CONTINUOUS_INTEGRATION is set/, {}],
  ];

  test.each(cases)('%s', (_, env, said, more) => {
    expect(read(env, more).plainBecause).toMatch(said);
  });

  test('but not where CI is false', () => {
    expect(read({ CI: 'false' }).plainBecause).toBeUndefined();
    expect(read({ CI: '0' }).plainBecause).toBeUndefined();
  });
});
