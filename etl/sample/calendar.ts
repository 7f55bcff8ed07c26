const DAY_MS = 86_400_000;

/** The Thursday after the first Monday of September, `2023-09-07`: the day of a season's first game. */
export function kickoffThursday(season: number): string {
  const weekday = new Date(Date.UTC(season, 8, 1)).getUTCDay();
  return isoDay(Date.UTC(season, 8, 4 + ((8 - weekday) % 7)));
}

export function dayAfter(day: string, days: number): string {
  return isoDay(Date.parse(day) + days * DAY_MS);
}

/** The moment of an Eastern date and time in milliseconds; daylight saving time ends on the first Sunday of November. */
function easternMs(day: string, time: string): number {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const firstSunday = 1 + ((7 - new Date(Date.UTC(year, 10, 1)).getUTCDay()) % 7);
  const isSummer = month > 3 && (month < 11 || (month === 11 && date < firstSunday));
  return Date.parse(`${day}T${time}:00Z`) + (isSummer ? 4 : 5) * 3_600_000;
}

/** The kickoff of a game in milliseconds; a game whose time is not announced counts as one o'clock Eastern. */
export function kickoffMs({ day, time }: { readonly day: string; readonly time: string }): number {
  return easternMs(day, time === '' ? '13:00' : time);
}

/** `2023-09-10T17:00:00Z`. */
export function isoMoment(ms: number): string {
  const dayMs = ms - (ms % DAY_MS);
  if (dayMs !== lastDay.ms) lastDay = { ms: dayMs, text: isoDay(dayMs) };
  const seconds = Math.floor((ms - dayMs) / 1000);
  return `${lastDay.text}T${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}Z`;
}

// A season has 150,000 moments, most of them on the same day as the one before.
let lastDay = { ms: Number.NaN, text: '' };

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
