import { expect, test } from 'vitest';
import { examineTerminal, type TerminalLook } from '../../../../src/cli/doctor/examine-terminal.ts';

const look: TerminalLook = {
  env: { TERM: 'xterm-256color' },
  isTerminal: true,
  isAscii: false,
  plainBecause: undefined,
  colourLevel: 2,
  unicode: true,
  columns: 120,
  rows: 40,
  least: { columns: 60, rows: 15 },
};

test.each([
  ['all well', {}, 'ok', 'xterm-256color, 120x40, 256 colours, Unicode'],
  ['no terminal', { isTerminal: false, plainBecause: 'it is not one' }, 'ok', 'none here: a run prints a log'],
  ['too narrow', { columns: 59 }, 'warning', 'xterm-256color, 59x40, 256 colours, Unicode; a screen needs 60x15'],
  [
    'a size that is not told',
    { columns: 0, rows: 0 },
    'ok',
    'xterm-256color, size unknown, 80x24 is assumed, 256 colours, Unicode',
  ],
  [
    'a dumb one',
    { plainBecause: 'TERM=dumb', env: { TERM: 'dumb' }, colourLevel: 0 },
    'warning',
    'dumb, 120x40, no colours, Unicode; a run prints a log: TERM=dumb',
  ],
  [
    'another locale',
    { unicode: false },
    'warning',
    'xterm-256color, 120x40, 256 colours, ASCII only: the locale is not UTF-8',
  ],
  ['ASCII by choice', { unicode: false, isAscii: true }, 'ok', 'xterm-256color, 120x40, 256 colours, ASCII only'],
  ['the Linux console', { unicode: false, env: { TERM: 'linux' } }, 'ok', 'linux, 120x40, 256 colours, ASCII only'],
] as const)('%s', (_, changes, state, found) => {
  expect(examineTerminal({ ...look, ...changes })).toMatchObject({ state, found });
});
