import { didYouMean } from '../text/did-you-mean.ts';
import { twoDigits } from './calendar.ts';

/** What the clocks of a time zone show. */
export type LocalTime = {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  /** How far they are ahead of UTC, in minutes. */
  readonly offset: number;
};

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Names of the IANA database, such as `Europe/Berlin`, and `UTC`. Offsets are none: not every Node knows them. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

/** The zone that was probably meant. */
export function similarTimeZone(name: string): string | undefined {
  return didYouMean(name, ['UTC', ...Intl.supportedValuesOf('timeZone')]);
}

/** @param at epoch ms */
export function localTime(at: number, zone: string): LocalTime {
  const minute = Math.floor(at / minuteMs) * minuteMs;
  const parts = new Map(
    formatterOf(zone)
      .formatToParts(minute)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  // biome-ignore lint/style/noRestrictedGlobals: computes with a given moment; the clock is not read
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  return {
    day: Math.floor(shown / dayMs),
    hour: part('hour'),
    minute: part('minute'),
    offset: Math.round((shown - minute) / minuteMs),
  };
}

/**
 * The moments (epoch ms) at which the clocks show the beginning of that hour: none when they are set forward over it, two
 * when they are set back to it.
 */
export function hoursAt({ day, hour }: Pick<LocalTime, 'day' | 'hour'>, zone: string): readonly number[] {
  const shown = day * dayMs + hour * 60 * minuteMs;
  // Clocks are not set twice within two days.
  const offsets = new Set([shown - dayMs, shown + dayMs].map((near) => localTime(near, zone).offset));
  return [...offsets]
    .map((offset) => shown - offset * minuteMs)
    .filter((at) => {
      const found = localTime(at, zone);
      return found.day === day && found.hour === hour && found.minute === 0;
    })
    .sort((a, b) => a - b);
}

/** `Z`, or as in `+01:00`. */
export function formatOffset(offset: number): string {
  if (offset === 0) return 'Z';
  const minutes = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making one takes much longer than using it. Throws for a zone that does not exist. */
function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formatters.set(zone, made);
  return made;
}
