import { expect, test } from 'vitest';
import { areComparable, momentsOf, type PastParams } from '../../../../../src/engine/results/trends/same-params.ts';

test.each<[string, PastParams, Record<string, string>, boolean]>([
  ['the same values', { params: { seasons: '2023' } }, { seasons: '2023' }, true],
  ['other values', { params: { seasons: '2023' } }, { seasons: '2024' }, false],
  ['a parameter more', { params: {} }, { seasons: '2024' }, false],
  ['no parameters', {}, {}, true],
  ['another day', { params: { day: '2024-01-01' }, moments: ['day'] }, { day: '2024-01-02' }, true],
  ['another day of a text', { params: { day: '2024-01-01' } }, { day: '2024-01-02' }, false],
  ['a day and a range', { params: { day: '2024-01-01' }, moments: ['day'] }, { day: '2024-01-01..2024-01-31' }, false],
  ['a day and a list', { params: { day: '2024-01-01,2024-01-02' }, moments: ['day'] }, { day: '2024-01-01' }, false],
  ['a day, and no day', { params: { day: '2024-01-01' }, moments: ['day'] }, { other: '1' }, false],
  ['another day of another season', { params: { day: '1', s: '1' }, moments: ['day'] }, { day: '2', s: '2' }, false],
  ['a record that is damaged', { params: { day: '1' }, moments: 'day' as never }, { day: '2' }, false],
])('runs are compared or not: %s', (_, past, now, expected) => {
  expect(areComparable(past, now)).toBe(expected);
});

test('dates, months and hours are moments, and nothing else is', () => {
  const specs = [
    { name: 'd', type: 'date' },
    { name: 'm', type: 'month' },
    { name: 'h', type: 'hour' },
    { name: 'n', type: 'int' },
    { name: 't' },
    { name: 'absent', type: 'date' },
  ] as const;
  expect(momentsOf(specs, { d: '1', m: '2', h: '3', n: '4', t: '5' })).toEqual(['d', 'm', 'h']);
  expect(momentsOf(specs, { n: '4' })).toBe(undefined);
});
