import { afterEach, describe, expect, test } from 'vitest';
import { formatCompact, formatCount, formatNumber, formatTally } from '../../../src/display/format/format-count.ts';
import { formatClock } from '../../../src/display/format/format-duration.ts';
import { formatMinute, formatMoment } from '../../../src/display/format/format-moment.ts';

describe('numbers', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [1000, '1.0k'],
    [6_208, '6.2k'],
    [99_960, '100k'],
    [412_000, '412k'],
    [999_600, '1.0M'],
    [1_234_567, '1.2M'],
    [Number.NaN, '-'],
  ])('%d is written %s on the screen', (value, text) => {
    expect(formatCompact(value)).toBe(text);
  });

  test('are written in full in text, with a noun where there is one', () => {
    expect([0, 999, 6_208, 1_234_567, Number.NaN].map(formatNumber)).toEqual(['0', '999', '6,208', '1,234,567', '-']);
    expect([formatCount(1, 'row'), formatCount(6_208, 'row'), formatCount(2, 'retry', 'retries')]).toEqual([
      '1 row',
      '6,208 rows',
      '2 retries',
    ]);
  });

  test('that are zero are left out of a tally', () => {
    const parts = [
      [4, 'succeeded'],
      [0, 'failed'],
      [1_000, 'not run'],
    ] as const;
    expect(formatTally(parts)).toBe('4 succeeded, 1,000 not run');
  });
});

test('the time since the start of a run is written as a clock', () => {
  expect([0, 41_200, 3_723_000].map(formatClock)).toEqual(['00:00', '00:41', '1:02:03']);
});

describe('a moment', () => {
  const zone = process.env['TZ'];
  afterEach(() => {
    process.env['TZ'] = zone;
  });
  const winter = Date.UTC(2026, 0, 5, 7, 0, 12);
  const summer = Date.UTC(2026, 6, 5, 7, 0, 12);

  test.each([
    ['UTC', '2026-01-05 07:00:12 UTC', '2026-07-05 07:00 UTC'],
    ['Europe/Berlin', '2026-01-05 08:00:12 +01:00', '2026-07-05 09:00 +02:00'],
    ['America/St_Johns', '2026-01-05 03:30:12 -03:30', '2026-07-05 04:30 -02:30'],
    ['Europe/London', '2026-01-05 07:00:12 UTC', '2026-07-05 08:00 +01:00'],
  ])('is written in the local time zone: %s', (name, second, minute) => {
    process.env['TZ'] = name;
    expect(formatMoment(winter)).toBe(second);
    expect(formatMinute(summer)).toBe(minute);
  });
});
