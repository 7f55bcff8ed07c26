import { TaskError } from '../../task-error.ts';

/** The first and the last game day (Eastern dates) whose odds are asked for; undefined for all of the seasons. */
export type OddsDates = { readonly from: string; readonly to: string } | undefined;

/** Reads `all`, a day like 2023-09-10, or days like 2023-09-07..2023-09-11. Throws a usage error for anything else. */
export function parseOddsDates(text: string): OddsDates {
  if (text === 'all') return undefined;
  const [from = '', to = from, ...more] = text.split('..');
  if (!isDay(from) || !isDay(to) || more.length > 0) {
    throw new TaskError(`odds dates "${text}" are neither "all" nor days like 2023-09-10 or 2023-09-07..2023-09-11`, {
      exitCode: 2,
    });
  }
  if (from > to)
    throw new TaskError(`odds dates "${text}" end before they start; write ${to}..${from}`, { exitCode: 2 });
  return { from, to };
}

function isDay(text: string): boolean {
  const moment = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().slice(0, 10) === text;
}
