import { expect, it } from 'vitest';
import { durationWords } from '../../../src/engine/history/seconds.ts';

it.each([
  [250, '0.25 s'],
  [5000, '5 s'],
  [90_000, '90 s'],
  [1_200_000, '20 min'],
  [3_600_000, '1 h'],
  [5_400_000, '1 h 30 min'],
  [86_400_000, '24 h'],
])('%d ms are called %s', (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});
