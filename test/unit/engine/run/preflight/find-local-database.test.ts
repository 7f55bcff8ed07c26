import { expect, test } from 'vitest';
import { findLocalDatabase } from '../../../../../src/engine/run/preflight/find-local-database.ts';

test('a database that only this machine reaches is told when tasks run on others', () => {
  const codes = (...given: Parameters<typeof findLocalDatabase>) => findLocalDatabase(...given).map(({ code }) => code);
  expect(codes({ executor: 'queue' }, { source: 'embedded' })).toEqual(['database/only-here']);
  expect(codes({ executor: 'slurm' }, { source: 'embedded' })).toEqual(['database/only-here']);
  expect(codes({ executor: 'queue' }, { source: 'external' })).toEqual([]);
  expect(codes({ executor: 'queue' }, undefined)).toEqual([]);
  expect(codes({}, { source: 'embedded' })).toEqual([]);
});
