import { expect, it } from 'vitest';
import { canonicalDecimal, numberOrText } from '../../../../../src/engine/model/text/exact-decimal.ts';

it.each([
  ['1.50', '+15e-1'],
  ['9007199254740993', '9007199254740993.000'],
  ['-0.0', '0'],
  ['.5e1', '5.'],
  ['1e25', '10000000000000000000000000'],
])('%s and %s are equal', (one, other) => {
  expect(canonicalDecimal(one)).toBeDefined();
  expect(canonicalDecimal(one)).toBe(canonicalDecimal(other));
});

it.each([
  ['9007199254740993', '9007199254740992'],
  ['0.1', '0.1000000000000000055511151231257827'],
  ['1', '-1'],
  ['1e999999999999', '1e999999999998'],
])('%s and %s are different', (one, other) => {
  expect(canonicalDecimal(one)).not.toBe(canonicalDecimal(other));
});

it.each(['', '.', 'NaN', 'Infinity', '0x10', '1 2', '1_000'])('"%s" is no decimal number', (text) => {
  expect(canonicalDecimal(text)).toBeUndefined();
});

it('a value that a double would change stays a text', () => {
  expect(['12', '0.10', '9007199254740993', '1e400', 'NaN'].map(numberOrText)).toEqual([
    12,
    0.1,
    '9007199254740993',
    '1e400',
    'NaN',
  ]);
});
