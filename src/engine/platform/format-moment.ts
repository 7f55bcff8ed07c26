/** A moment in the reader's own time zone, which it names: `2026-01-05 08:00:12 +01:00`, or `… UTC` where it is that. */
export function formatMoment(epochMs: number): string {
  return `${localTime(epochMs).slice(0, 19).replace('T', ' ')} ${zoneAt(epochMs)}`;
}

/** The same to the minute: `2026-01-05 08:00 +01:00`. */
export function formatMinute(epochMs: number): string {
  return `${localTime(epochMs).slice(0, 16).replace('T', ' ')} ${zoneAt(epochMs)}`;
}

/** The time of day in the reader's own time zone, to the millisecond: `08:00:12.345`. */
export function formatTime(epochMs: number): string {
  return localTime(epochMs).slice(11, 23);
}

function localTime(epochMs: number): string {
  const moment = new Date(epochMs);
  return new Date(epochMs - moment.getTimezoneOffset() * 60_000).toISOString();
}

/** By number, not by name: names depend on the language, and some of them mean several zones. */
function zoneAt(epochMs: number): string {
  const minutes = -new Date(epochMs).getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}
