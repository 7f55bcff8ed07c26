import { failed, ok, type Result } from '../result.ts';
import { twoDigits } from './calendar.ts';
import { dayKind, readDay } from './day-kind.ts';
import type { MomentKind } from './moment-kind.ts';
import { formatOffset, hoursAt, localTime } from './time-zone.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const form = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d)(?::00(?::00)?)?(?: ?(Z|[+-]\d\d:?\d\d))?$/i;

/**
 * The values of `type: hour`; their places are moments (epoch ms). They are written with their distance from UTC, because an
 * hour occurs twice when clocks are set back. Hours begin when the clocks of the zone show a full hour, and are as long as
 * any other, also on a day with 23 of them.
 */
export const hourKind: MomentKind = {
  noun: 'an hour',
  example: '2024-01-31T13:00Z',
  words: new Map([
    ['this hour', { unit: 'hour', amount: 0 }],
    ['last hour', { unit: 'hour', amount: -1 }],
    ['next hour', { unit: 'hour', amount: 1 }],
  ]),
  units: ['hour'],
  read: (text, zone) => {
    const [, year, month, day, hour, offset] = form.exec(text) ?? [];
    if (year === undefined) return undefined;
    const found = readDay(Number(year), Number(month), Number(day));
    if (!found.ok) return found;
    if (Number(hour) > 23) return failed('the hour must be from 00 to 23');
    const local = { day: found.value, hour: Number(hour) };
    return offset === undefined ? readLocal(local, zone) : readExact(local, offset, zone);
  },
  rewrite: (text) => {
    const [, day, hour] = /^(\d{8}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})[-T ]?(\d\d)(?::?\d\d){0,2}Z?$/i.exec(text) ?? [];
    const date = day === undefined ? undefined : dayKind.rewrite(day);
    return date === undefined || Number(hour) > 23 ? undefined : `${date}T${hour}`;
  },
  at: (now, zone, { amount }) => {
    const place = Math.floor(now / minuteMs) * minuteMs + amount * hourMs;
    return beginOfHour(beginOfHour(place, zone), zone);
  },
  next: (place, zone) => {
    const after = place + hourMs;
    // Clocks that are set by half an hour.
    const { minute } = localTime(after, zone);
    return minute === 0 ? after : after + (60 - minute) * minuteMs;
  },
  format: (place, zone) => {
    const { day, hour, minute, offset } = localTime(place, zone);
    const date = dayKind.format(day, zone);
    return date && `${date}T${twoDigits(hour)}:${twoDigits(minute)}${formatOffset(offset)}`;
  },
  parts: (place, zone) => {
    const { day, hour } = localTime(place, zone);
    return { ...dayKind.parts(day, zone), HOUR: twoDigits(hour) };
  },
};

/** Where clocks were set by half an hour meanwhile, they do not show a full hour there, but one step further. */
function beginOfHour(place: number, zone: string): number {
  return place - localTime(place, zone).minute * minuteMs;
}

type LocalHour = Parameters<typeof hoursAt>[0];

function readLocal(local: LocalHour, zone: string): Result<number, string> {
  const [first, second] = hoursAt(local, zone);
  if (first === undefined) return failed(`this hour does not exist in ${zone}: the clock is set forward`);
  if (second === undefined) return ok(first);
  const forms = [first, second].map((place) => hourKind.format(place, zone)).join(' or ');
  return failed(`this hour occurs twice in ${zone}: the clock is set back; write ${forms}`);
}

function readExact({ day, hour }: LocalHour, offset: string, zone: string): Result<number, string> {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(offset) ?? [];
  const ahead = (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
  const place = (day * 24 + hour) * hourMs - ahead * minuteMs;
  return localTime(place, zone).minute === 0 ? ok(place) : failed(`no hour of ${zone} begins at this moment`);
}
