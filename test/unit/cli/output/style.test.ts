import { expect, test } from 'vitest';
import { createStyle, type StyleOptions } from '../../../../src/cli/output/style.ts';

type Env = StyleOptions['env'];

const colours: readonly (readonly [name: string, color: boolean, env: Env, isTerminal: boolean, coloured: boolean])[] =
  [
    ['on a terminal', true, {}, true, true],
    ['not in a pipe', true, {}, false, false],
    ['not on a dumb terminal', true, { TERM: 'dumb' }, true, false],
    ['not with --no-color, whatever else is wanted', false, { FORCE_COLOR: '1' }, true, false],
    ['not with NO_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    ['with an empty NO_COLOR, which says nothing', true, { NO_COLOR: '' }, true, true],
    ['in a pipe with FORCE_COLOR', true, { FORCE_COLOR: '1' }, false, true],
    ['not with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, true, false],
  ];

test.each(colours)('colours %s', (_name, color, env, isTerminal, coloured) => {
  const text = createStyle({ color, env, isTerminal }).paint.red('x');
  expect(text).toBe(coloured ? '\x1b[31mx\x1b[39m' : 'x');
});

const signs: readonly (readonly [name: string, ascii: boolean, env: Env, sign: string])[] = [
  ['are Unicode where the locale is', false, { LANG: 'de_DE.UTF-8' }, '✓'],
  ['are Unicode where no locale is set', false, {}, '✓'],
  ['are ASCII in another locale', false, { LANG: 'de_DE.UTF-8', LC_ALL: 'C' }, '+'],
  ['are ASCII with --ascii', true, { LANG: 'de_DE.UTF-8' }, '+'],
];

test.each(signs)('icons %s', (_name, ascii, env, sign) => {
  expect(createStyle({ color: true, ascii, env, isTerminal: false }).icons.succeeded).toBe(sign);
});
