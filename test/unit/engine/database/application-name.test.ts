import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applicationNamePrefix, attemptApplicationName } from '../../../../src/engine/database/application-name.ts';

const run = '20261123_202126_ab12';

it('names an attempt by run, task and number', () => {
  expect(attemptApplicationName(run, 'nflverse_pbp', 2)).toBe(`etl-tui:${run}:nflverse_pbp#2`);
});

it('fits into the limit of PostgreSQL for any task name, and stays unique to the run', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.integer({ min: 1, max: 999 }), (task, attempt) => {
      const name = attemptApplicationName(run, task, attempt);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
      expect(name).toMatch(/^[\x20-\x7e]+$/);
      expect(name.startsWith(applicationNamePrefix(run))).toBe(true);
    }),
  );
});

it('distinguishes long names with the same beginning', () => {
  const long = 'load_the_very_long_table_of_everything_';
  expect(attemptApplicationName(run, `${long}1`, 1)).not.toBe(attemptApplicationName(run, `${long}2`, 1));
});
