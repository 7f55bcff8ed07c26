import { failed, ok } from '../result.ts';
import { dayOf, isInRange, monthNumber, monthOf, twoDigits } from './calendar.ts';
import { dayKind, dayWords } from './day-kind.ts';
import type { MomentKind } from './moment-kind.ts';

/** The values of `type: month`; their places are months since the year 0. */
export const monthKind: MomentKind = {
  noun: 'a month',
  example: '2024-01',
  words: new Map([
    ['this month', { unit: 'month', amount: 0 }],
    ['last month', { unit: 'month', amount: -1 }],
    ['next month', { unit: 'month', amount: 1 }],
    // The month of that day: who runs every morning for the day before begins a month a day later.
    ...dayWords,
  ]),
  units: ['month', 'year', 'day', 'week'],
  read: (text) => {
    const [, year, month] = /^(\d{4})-(\d\d)$/.exec(text) ?? [];
    if (year === undefined) return undefined;
    const found = { year: Number(year), month: Number(month) };
    if (!isInRange(found.year)) return failed('the year must be from 1000 to 9999');
    return found.month >= 1 && found.month <= 12 ? ok(monthNumber(found)) : failed('the month must be from 01 to 12');
  },
  rewrite: (text) => {
    const [, year, month] = /^(\d{4})[-/.]?(\d{1,2})(?:[-/.]?\d{2})?$/.exec(text) ?? [];
    const written = year === undefined ? '' : `${year}-${twoDigits(Number(month))}`;
    return monthKind.read(written, 'UTC')?.ok ? written : undefined;
  },
  at: (now, zone, distance) => {
    const { unit, amount } = distance;
    const isInDays = unit === 'day' || unit === 'week';
    const day = dayKind.at(now, zone, isInDays ? distance : { unit: 'day', amount: 0 });
    return monthNumber(dayOf(day)) + (isInDays ? 0 : amount * (unit === 'year' ? 12 : 1));
  },
  next: (place) => place + 1,
  format: (place) => {
    const { year, month } = monthOf(place);
    return isInRange(year) ? `${year}-${twoDigits(month)}` : undefined;
  },
  parts: (place) => {
    const { year, month } = monthOf(place);
    return { YYYYMM: `${year}${twoDigits(month)}`, YEAR: String(year), MONTH: twoDigits(month) };
  },
};
