import { failed, ok, type Result } from '../result.ts';
import { dayNumber, dayOf, daysInMonth, isInRange, twoDigits } from './calendar.ts';
import type { Distance, MomentKind } from './moment-kind.ts';
import { localTime } from './time-zone.ts';

/** The words for days near that of the start. */
export const dayWords: ReadonlyMap<string, Distance> = new Map([
  ['today', { unit: 'day', amount: 0 }],
  ['yesterday', { unit: 'day', amount: -1 }],
  ['tomorrow', { unit: 'day', amount: 1 }],
]);

/** The values of `type: date`; their places are days since 1970-01-01. */
export const dayKind: MomentKind = {
  noun: 'a date',
  example: '2024-01-31',
  words: dayWords,
  units: ['day', 'week'],
  read: (text) => {
    const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
    return year === undefined ? undefined : readDay(Number(year), Number(month), Number(day));
  },
  rewrite: (text) => {
    const [year, month, day] = numbersOf(text);
    if (year === undefined) return undefined;
    const written = `${year}-${twoDigits(Number(month))}-${twoDigits(Number(day))}`;
    return dayKind.read(written, 'UTC')?.ok ? written : undefined;
  },
  at: (now, zone, { unit, amount }) => localTime(now, zone).day + amount * (unit === 'week' ? 7 : 1),
  next: (place) => place + 1,
  format: (place) => {
    const { year, month, day } = dayOf(place);
    return isInRange(year) ? `${year}-${twoDigits(month)}-${twoDigits(day)}` : undefined;
  },
  parts: (place) => {
    const { year, month, day } = dayOf(place);
    const parts = [String(year), twoDigits(month), twoDigits(day)] as const;
    return { YYYYMMDD: parts.join(''), YEAR: parts[0], MONTH: parts[1], DAY: parts[2] };
  },
};

/** The place of a day, or what is wrong with it. */
export function readDay(year: number, month: number, day: number): Result<number, string> {
  const place = dayNumber({ year, month, day });
  if (place !== undefined) return ok(place);
  if (!isInRange(year)) return failed('the year must be from 1000 to 9999');
  if (month < 1 || month > 12) return failed('the month must be from 01 to 12');
  return failed(`${year}-${twoDigits(month)} has the days from 01 to ${daysInMonth(year, month)}`);
}

/** `20240131`, `2024/1/31` and `31.1.2024`; where a month and a day could be mistaken for each other, it is none. */
function numbersOf(text: string): readonly (string | undefined)[] {
  const yearFirst = /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text);
  if (yearFirst !== null) return yearFirst.slice(1);
  return (/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text)?.slice(1) ?? []).toReversed();
}
