/** A day of the Gregorian calendar; months and days count from 1. */
export type CalendarDay = { readonly year: number; readonly month: number; readonly day: number };

const dayMs = 86_400_000;
/** Years have four digits. */
const [firstYear, lastYear] = [1000, 9999];

/** The days from 1970-01-01 to that day; undefined for a day that does not exist, and beyond the years 1000 to 9999. */
export function dayNumber({ year, month, day }: CalendarDay): number | undefined {
  // biome-ignore lint/style/noRestrictedGlobals: computes with a given day; the clock is not read
  const number = Date.UTC(year, month - 1, day) / dayMs;
  const found = dayOf(number);
  const exists = found.year === year && found.month === month && found.day === day;
  return exists && isInRange(year) ? number : undefined;
}

export function dayOf(number: number): CalendarDay {
  // biome-ignore lint/style/noRestrictedGlobals: see above
  const date = new Date(number * dayMs);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

export function daysInMonth(year: number, month: number): number {
  // biome-ignore lint/style/noRestrictedGlobals: see above
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The months from January of the year 0 to that month. */
export function monthNumber({ year, month }: Pick<CalendarDay, 'year' | 'month'>): number {
  return year * 12 + month - 1;
}

export function monthOf(number: number): Pick<CalendarDay, 'year' | 'month'> {
  return { year: Math.floor(number / 12), month: (number % 12) + 1 };
}

/** Whether a year can be written with four digits. */
export function isInRange(year: number): boolean {
  return year >= firstYear && year <= lastYear;
}

/** A number with at least two digits. */
export function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
