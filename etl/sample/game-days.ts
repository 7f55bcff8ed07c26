import { dayAfter, kickoffThursday } from './calendar.ts';
import type { Random } from './random.ts';
import type { Pairing } from './rounds.ts';

export type GameDay = { readonly day: string; readonly time: string };

/** One of the week's games on Thursday, one on Monday, some late on Sunday; in December some on Saturday. */
export function weekDays(
  pairings: readonly Pairing[],
  week: { readonly season: number; readonly week: number; readonly abroad: boolean; readonly random: Random },
): readonly { readonly pairing: Pairing; readonly when: GameDay }[] {
  const thursday = dayAfter(kickoffThursday(week.season), (week.week - 1) * 7);
  const slots = slotsOf(week.week, week.abroad, pairings.length).map(([days, time]) => ({
    day: dayAfter(thursday, days),
    time,
  }));
  const [late, early] = partition(slots, ({ time }) => time >= '16:00');
  // Clubs of the west host late games first: at one o'clock Eastern it is ten in the morning there.
  const [west, others] = partition(week.random.shuffled(pairings), ({ home }) => home.west);
  const ordered = [...west, ...others];
  const sundays = { day: dayAfter(thursday, 3), time: '13:00' };
  const given = [...late, ...early];
  return ordered
    .map((pairing, index) => ({ pairing, when: given[index] ?? sundays }))
    .sort((a, b) => (a.when.day + a.when.time < b.when.day + b.when.time ? -1 : 1));
}

type Slot = readonly [daysAfterThursday: number, time: string];

function slotsOf(week: number, abroad: boolean, games: number): readonly Slot[] {
  const slots: Slot[] = [
    [0, week === 1 ? '20:20' : '20:15'],
    [4, '20:15'],
    [3, '20:20'],
    [3, '16:25'],
    [3, '16:25'],
    [3, '16:05'],
  ];
  // A small world has four games a week: half of them at night, half in the afternoon.
  if (games <= 4) return slots.slice(1, 3);
  if (week >= 15) slots.push([2, '20:15'], [2, '16:30'], [2, '13:00']);
  if (abroad) slots.push([3, '09:30']);
  return slots;
}

function partition<Value>(values: readonly Value[], test: (value: Value) => boolean): [Value[], Value[]] {
  return [values.filter(test), values.filter((value) => !test(value))];
}
