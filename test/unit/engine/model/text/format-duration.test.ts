import { expect, it } from 'vitest';
import { formatCountdown, formatDuration, formatLimit } from '../../../../../src/engine/model/text/format-duration.ts';

it.each([
  [0, '0.0s'],
  [42, '0.0s'],
  [420, '0.4s'],
  [9_949, '9.9s'],
  [9_950, '10s'],
  [53_400, '53s'],
  [59_500, '1m00s'],
  [252_000, '4m12s'],
  [3_599_600, '1h00m'],
  [3_840_000, '1h04m'],
  [86_399_000, '1d00h'],
  [273_600_000, '3d04h'],
  [-5, '0.0s'],
  [Number.NaN, '-'],
])('%d ms are written %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

it.each([
  [0, '0s'],
  [20, '0.02s'],
  [250, '0.25s'],
  [1_500, '1.5s'],
  [5_000, '5s'],
  [53_000, '53s'],
  [59_999, '1m'],
  [90_000, '1m30s'],
  [900_000, '15m'],
  [5_400_000, '1h30m'],
  [86_400_000, '1d'],
  [90_000_000, '1d01h'],
  [-5, '0s'],
])('a limit of %d ms is written %s', (ms, text) => {
  expect(formatLimit(ms)).toBe(text);
});

it('a countdown does not say 0 before it is over', () => {
  expect([3_800, 1, 0, -9, 125_000].map(formatCountdown)).toEqual(['4s', '1s', '0s', '0s', '2m05s']);
});
