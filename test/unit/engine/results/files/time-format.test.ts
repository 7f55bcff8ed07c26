import { describe, expect, it } from 'vitest';
import type { EpochMs } from '../../../../../src/engine/model/ids.ts';
import { isoTime } from '../../../../../src/engine/results/files/time-format.ts';

describe('a time in a report', () => {
  it.each([
    '1970-01-01T00:00:00.000Z',
    '2024-02-29T23:59:59.999Z',
    '2100-03-01T00:00:00.000Z',
    '2000-12-31T12:00:00.001Z',
    '1969-12-31T23:59:59.999Z',
    '1600-02-29T00:00:00.000Z',
    '0000-03-01T00:00:00.000Z',
    '9999-12-31T23:59:59.999Z',
  ])('%s is written in ISO 8601', (text) => {
    expect(isoTime(Date.parse(text) as EpochMs)).toBe(text);
  });
});
