import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import type { EpochMs } from '../../../../../src/engine/model/ids.ts';
import { parseParamValues, readParamText } from '../../../../../src/engine/model/params/param-values.ts';
import type { ParamSpec } from '../../../../../src/engine/model/pipeline/pipeline.ts';

const now = Date.parse('2026-03-01T00:30Z') as EpochMs;

function values(param: Omit<ParamSpec, 'name'>, text: string): readonly string[] | string {
  const read = readParamText({ name: 'p', ...param }, text, now);
  return read.ok ? parseParamValues({ name: 'p', ...param }, read.value) : `! ${read.error}`;
}

const several = { several: true } as const;

test.each<[Omit<ParamSpec, 'name'>, string, readonly string[] | string]>([
  [{ type: 'list' }, 'a, b,c', ['a', 'b', 'c']],
  [{ type: 'list' }, '', []],
  [{}, 'a,b', ['a,b']],
  [{ type: 'date' }, 'yesterday', ['2026-02-28']],
  [{ type: 'date', ...several }, '2024-02-28..2024-03-01', ['2024-02-28', '2024-02-29', '2024-03-01']],
  [{ type: 'date', ...several }, '-2 days..yesterday', ['2026-02-27', '2026-02-28']],
  [{ type: 'date', ...several }, '2024-01-05, 2024-01-01..2024-01-02', ['2024-01-05', '2024-01-01', '2024-01-02']],
  [{ type: 'month', ...several }, '2023-11..2024-02', ['2023-11', '2023-12', '2024-01', '2024-02']],
  [{ type: 'int', ...several }, '-1..2', ['-1', '0', '1', '2']],
  [{ type: 'int', ...several }, '7', ['7']],
  [{ type: 'int', ...several }, '2021,2023-2024', ['2021', '2023', '2024']],
  [{ type: 'int', ...several }, '2024-2023', '! the lower value of a range comes first: 2023-2024'],
  [{ type: 'int', ...several }, '-3', ['-3']],
  [
    { type: 'hour', timeZone: 'Europe/Berlin', ...several },
    '2024-03-31T00..2024-03-31T04',
    ['2024-03-31T00:00+01:00', '2024-03-31T01:00+01:00', '2024-03-31T03:00+02:00', '2024-03-31T04:00+02:00'],
  ],
  [{ type: 'int', ...several }, '3..1', '! the lower value of a range comes first: 1..3'],
  [{ type: 'int', ...several }, '1..2..3', '! a range needs a first and a last value'],
  [{ type: 'int', ...several }, '1..10001', '! at most 10,000 values are possible'],
  [{ type: 'int', ...several }, '1..99999999999999999999', '! the numbers of a range have at most 15 digits'],
  [{ type: 'int' }, '1-3', '! only one value is allowed here; several are for a parameter of a matrix'],
  [{ type: 'int' }, '1..3', '! only one value is allowed here; several are for a parameter of a matrix'],
])('%j: the values of %j are %j', (param, text, expected) => {
  expect(values(param, text)).toEqual(expected);
});

it('a range of hours has a day of 23 or 25 hours in it when clocks are set', () => {
  const hours = (day: string) =>
    values({ type: 'hour', timeZone: 'Europe/Berlin', ...several }, `${day}T00..${day}T23`);
  expect(hours('2024-03-31')).toHaveLength(23);
  expect(hours('2024-10-27')).toHaveLength(25);
  expect(new Set(hours('2024-10-27')).size).toBe(25);
  expect(hours('2024-10-28')).toHaveLength(24);
});

it('a range of days has each day once, in order', () => {
  fc.assert(
    fc.property(fc.integer({ min: -200_000, max: 200_000 }), fc.nat({ max: 800 }), (from, length) => {
      const dayOf = (number: number) => new Date(number * 86_400_000).toISOString().slice(0, 10);
      const expected = Array.from({ length: length + 1 }, (_, at) => dayOf(from + at));
      expect(values({ type: 'date', ...several }, `${dayOf(from)}..${dayOf(from + length)}`)).toEqual(expected);
    }),
  );
});

it('a text that is no value stands for itself', () => {
  expect(parseParamValues({ name: 'p', type: 'date' }, '***')).toEqual(['***']);
  expect(parseParamValues({ name: 'p', type: 'int' }, 'a..b')).toEqual(['a..b']);
});
