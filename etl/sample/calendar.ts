const DAY_MS = 86_400_000;

/** The Thursday after the first Monday of September, `2023-09-07`: a season's first game. */
export function kickoffThursday(season: number): string {
  const first = new Date(Date.UTC(season, 8, 1));
  const monday = 1 + ((8 - first.getUTCDay()) % 7);
  return isoDay(Date.UTC(season, 8, monday + 3));
}

export function dayAfter(day: string, days: number): string {
  return isoDay(Date.parse(day) + days * DAY_MS);
}

export function weekdayOf(day: string): string {
  const names = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
  return names[new Date(day).getUTCDay()] ?? '';
}

/** The moment of an Eastern date and time, in milliseconds; daylight saving ends on the first Sunday of November. */
export function easternMs(day: string, time: string): number {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, 10, 1)).getUTCDay();
  const lastSummerDay = 1 + ((7 - first) % 7) - 1;
  const summer = month > 3 && (month < 11 || (month === 11 && date <= lastSummerDay));
  return Date.parse(`${day}T${time}:00Z`) + (summer ? 4 : 5) * 3_600_000;
}

/** `2023-09-10T17:00:00Z`. */
export function isoMoment(ms: number): string {
  const dayMs = ms - (ms % DAY_MS);
  if (dayMs !== lastDayMs) {
    lastDayMs = dayMs;
    lastDay = isoDay(dayMs);
  }
  const second = Math.floor((ms - dayMs) / 1000);
  return `${lastDay}T${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}Z`;
}

// Moments of one day come one after the other, a hundred thousand of them in a season.
let lastDayMs = Number.NaN;
let lastDay = '';

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
