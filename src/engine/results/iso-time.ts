import type { EpochMs } from '../model/ids.ts';

const dayMs = 86_400_000;

/** A moment as ISO 8601 in UTC with milliseconds: `2026-01-05T07:00:00.000Z`; for the years 0 to 9999. */
export function isoTime(at: EpochMs): string {
  const days = Math.floor(at / dayMs);
  const ms = Math.floor(at) - days * dayMs;
  const { year, month, day } = civilDay(days);
  const date = `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
  const clock = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  return `${date}T${clock.map((part) => digits(part, 2)).join(':')}.${digits(ms % 1000, 3)}Z`;
}

/**
 * The day of the Gregorian calendar that is `days` after 1970-01-01. Years are counted from March, so that the leap day
 * comes last: then 400 years have 146,097 days, and months begin at regular distances.
 */
function civilDay(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const sinceMarch0 = days + 719_468;
  const era = Math.floor(sinceMarch0 / 146_097);
  const dayOfEra = sinceMarch0 - era * 146_097;
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const firstDay = 365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const dayOfYear = dayOfEra - firstDay;
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}
