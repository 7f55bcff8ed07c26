import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { EpochMs } from '../../../../../src/engine/model/ids.ts';
import { variablesOf } from '../../../../../src/engine/model/params/param-variables.ts';
import { readParam } from '../../../../../src/engine/model/params/read-param.ts';
import type { ParamSpec, ParamType } from '../../../../../src/engine/model/pipeline/pipeline.ts';

function read(type: ParamType, text: string, at = '2026-03-01T00:30Z', timeZone = 'UTC') {
  const value = readParam({ type, timeZone }, text, Date.parse(at) as EpochMs);
  return value.ok ? value.value : `! ${value.error}`;
}

describe('a date', () => {
  test.each([
    ['2024-02-29', '2024-02-29'],
    [' 2024-02-29 ', '2024-02-29'],
    ['today', '2026-03-01'],
    ['Yesterday', '2026-02-28'],
    ['tomorrow', '2026-03-02'],
    ['-3 days', '2026-02-26'],
    ['-1 day', '2026-02-28'],
    ['+2 weeks', '2026-03-15'],
    ['2023-02-29', '! 2023-02 has the days from 01 to 28'],
    ['2024-13-01', '! the month must be from 01 to 12'],
    ['0024-01-01', '! the year must be from 1000 to 9999'],
    ['-999999 weeks', '! the year must be from 1000 to 9999'],
    ['20240131', '! did you mean "2024-01-31"?'],
    ['2024-1-31', '! did you mean "2024-01-31"?'],
    ['31.1.2024', '! did you mean "2024-01-31"?'],
    ['yesteday', '! did you mean "yesterday"?'],
    ['3 days', '! did you mean "-3 days"?'],
    ['3 days ago', '! did you mean "-3 days"?'],
    ['-3 dasy', '! did you mean "-3 days"?'],
    [
      '-2 months',
      '! it takes a date such as 2024-01-31, or relative to the start of the run: today, yesterday, -3 days',
    ],
    [
      '01/02/2024',
      '! it takes a date such as 2024-01-31, or relative to the start of the run: today, yesterday, -3 days',
    ],
    ['', '! it takes a date such as 2024-01-31, or relative to the start of the run: today, yesterday, -3 days'],
  ])('%j is %s', (text, value) => {
    expect(read('date', text)).toBe(value);
  });

  it('is that of the time zone', () => {
    expect(read('date', 'today', '2026-03-01T00:30Z', 'America/New_York')).toBe('2026-02-28');
    expect(read('date', 'today', '2026-02-28T23:30Z', 'Asia/Kolkata')).toBe('2026-03-01');
    // The day on which clocks are set forward has 23 hours, and the day before is still yesterday.
    expect(read('date', 'yesterday', '2026-03-29T22:30Z', 'Europe/Berlin')).toBe('2026-03-29');
    expect(read('date', 'yesterday', '2026-03-29T21:30Z', 'Europe/Berlin')).toBe('2026-03-28');
  });

  it('is read again as it was written', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          const day = date.toISOString().slice(0, 10);
          expect(read('date', day)).toBe(day);
          expect(read('date', 'today', date.toISOString())).toBe(day);
        },
      ),
    );
  });
});

describe('a month', () => {
  test.each([
    ['2024-02', '2024-02'],
    ['this month', '2026-03'],
    ['last month', '2026-02'],
    ['-3 months', '2025-12'],
    ['-1 year', '2025-03'],
    ['yesterday', '2026-02'],
    ['-60 days', '2025-12'],
    ['2024-00', '! the month must be from 01 to 12'],
    ['2024-02-01', '! did you mean "2024-02"?'],
    ['202402', '! did you mean "2024-02"?'],
    ['lastmonth', '! did you mean "last month"?'],
    [
      '-3 hours',
      '! it takes a month such as 2024-01, or relative to the start of the run: this month, last month, -3 months',
    ],
  ])('%j is %s', (text, value) => {
    expect(read('month', text)).toBe(value);
  });
});

describe('an hour', () => {
  test.each([
    ['2024-02-29T13', '2024-02-29T13:00Z'],
    ['2024-02-29 13:00', '2024-02-29T13:00Z'],
    ['2024-02-29T13:00:00Z', '2024-02-29T13:00Z'],
    ['2024-02-29T13:00+01:00', '2024-02-29T12:00Z'],
    ['this hour', '2026-03-01T00:00Z'],
    ['last hour', '2026-02-28T23:00Z'],
    ['-25 hours', '2026-02-27T23:00Z'],
    ['2024-02-29T24', '! the hour must be from 00 to 23'],
    ['2024-02-29T13:30', '! did you mean "2024-02-29T13"?'],
    ['2024022913', '! did you mean "2024-02-29T13"?'],
    ['2024-02-29T13:00+01:30', '! no hour of UTC begins at this moment'],
    [
      'yesterday',
      '! it takes an hour such as 2024-01-31T13:00Z, or relative to the start of the run: this hour, last hour, -3 hours',
    ],
  ])('%j is %s', (text, value) => {
    expect(read('hour', text)).toBe(value);
  });

  it('occurs not at all when clocks are set forward over it, and twice when they are set back to it', () => {
    const inBerlin = (text: string, at?: string) => read('hour', text, at, 'Europe/Berlin');
    expect(inBerlin('2024-07-01T02')).toBe('2024-07-01T02:00+02:00');
    expect(inBerlin('2024-03-31T02')).toBe('! this hour does not exist in Europe/Berlin: the clock is set forward');
    expect(inBerlin('2024-10-27T02')).toBe(
      '! this hour occurs twice in Europe/Berlin: the clock is set back; write 2024-10-27T02:00+02:00 or 2024-10-27T02:00+01:00',
    );
    expect(inBerlin('2024-10-27T02+01:00')).toBe('2024-10-27T02:00+01:00');
    expect(inBerlin('last hour', '2024-10-27T01:30Z')).toBe('2024-10-27T02:00+02:00');
    expect(inBerlin('last hour', '2024-03-31T01:30Z')).toBe('2024-03-31T01:00+01:00');
  });

  it('begins when the clocks of the zone show a full hour', () => {
    expect(read('hour', 'this hour', '2026-03-01T00:15Z', 'Asia/Kolkata')).toBe('2026-03-01T05:00+05:30');
    expect(read('hour', '2026-03-01T05', undefined, 'Asia/Kolkata')).toBe('2026-03-01T05:00+05:30');
  });

  it('is read again as it was written, in every zone', () => {
    const moments = fc.date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
    const zones = fc.constantFrom('UTC', 'Europe/London', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/St_Johns');
    fc.assert(
      fc.property(moments, zones, (date, zone) => {
        const hour = read('hour', 'this hour', date.toISOString(), zone);
        expect(read('hour', hour, undefined, zone)).toBe(hour);
      }),
    );
  });
});

describe('the variables of a value', () => {
  test.each<[ParamSpec, string, Record<string, string>]>([
    [
      { name: 'p', type: 'date' },
      '2024-02-29',
      { P: '2024-02-29', P_YYYYMMDD: '20240229', P_YEAR: '2024', P_MONTH: '02', P_DAY: '29', P_NEXT: '2024-03-01' },
    ],
    [
      { name: 'p', type: 'month' },
      '2024-12',
      { P: '2024-12', P_YYYYMM: '202412', P_YEAR: '2024', P_MONTH: '12', P_NEXT: '2025-01' },
    ],
    [
      { name: 'p', type: 'hour', timeZone: 'Europe/Berlin' },
      '2024-03-31T01:00+01:00',
      {
        P: '2024-03-31T01:00+01:00',
        P_YYYYMMDD: '20240331',
        P_YEAR: '2024',
        P_MONTH: '03',
        P_DAY: '31',
        P_HOUR: '01',
        P_NEXT: '2024-03-31T03:00+02:00',
      },
    ],
    [{ name: 'p', type: 'date', several: true }, '2024-01-01..2024-01-03', { P: '2024-01-01..2024-01-03' }],
    [{ name: 'p' }, '2024-01-01', { P: '2024-01-01' }],
  ])('%j with %s', (param, value, variables) => {
    expect(variablesOf('P', param, value)).toEqual(variables);
  });
});
