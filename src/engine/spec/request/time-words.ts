const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const units = 's|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?';
const part = new RegExp(`(\\d+(?:\\.\\d+)?)\\s*(${units})(?![a-z])`, 'gi');
const whole = new RegExp(`^\\s*(?:\\d+(?:\\.\\d+)?\\s*(?:${units})(?![a-z])[\\s,]*(?:and\\s+)?)+$`, 'i');

/** Milliseconds of `24 hours`, `2h`, `1 day`, `1h 30m`; undefined for any other text. */
export function durationInWords(text: string): number | undefined {
  if (text.length > 100 || !whole.test(text)) return undefined;
  let ms = 0;
  for (const [, count, unit] of text.matchAll(part)) ms += Number(count) * unitMs[unit!.charAt(0).toLowerCase()]!;
  return Math.round(ms);
}

/** What is wrong with a text that is no moment. */
export type MomentMistake = 'no zone' | 'no time' | 'no such moment' | 'no moment';

const date = /^(\d{4})-(\d\d)-(\d\d)/;
const moment =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt]|\s+)(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?$/i;

/** Milliseconds since 1970 of an ISO date and time with its zone: `2026-01-31T18:00:00Z`, `2026-01-31 18:00 +01:00`. */
export function parseMoment(text: string): number | MomentMistake {
  const parts = moment.exec(text.trim());
  if (parts === null) return date.test(text.trim()) && text.trim().length === 10 ? 'no time' : 'no moment';
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((one) => Number(one ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const zone = parts[8];
  if (zone === undefined) return 'no zone';
  // biome-ignore lint/style/noRestrictedGlobals: computes with a given moment; the clock is not read
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  // biome-ignore lint/style/noRestrictedGlobals: see above
  const there = new Date(ms);
  const isReal =
    there.getUTCMonth() === month - 1 &&
    there.getUTCDate() === day &&
    there.getUTCHours() === hour &&
    there.getUTCMinutes() === minute &&
    there.getUTCSeconds() === second;
  const offset = offsetMs(zone);
  return isReal && offset !== undefined ? ms - offset : 'no such moment';
}

/** Undefined when there is no such zone. */
function offsetMs(zone: string): number | undefined {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  if (Number(hours) > 14 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
