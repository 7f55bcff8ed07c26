import { expect, it } from 'vitest';
import { durationText } from '../../../../src/engine/model/duration-text.ts';

it.each([
  [0, '0s'],
  [80, '80ms'],
  [250, '0.3s'],
  [400, '0.4s'],
  [5_000, '5s'],
  [53_000, '53s'],
  [59_960, '1m'],
  [90_000, '1m30s'],
  [1_200_000, '20m'],
  [3_599_999, '1h'],
  [3_720_000, '1h02m'],
  [86_400_000, '1d'],
  [90_000_000, '1d01h'],
  [-5, '0s'],
  [Number.NaN, '?'],
])('%d ms are written %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
