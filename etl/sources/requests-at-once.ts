import { TaskError } from '../task-error.ts';

/**
 * How many requests a task may have under way at once: what suits the source, or fewer when ETL_REQUESTS_AT_ONCE says
 * so. Throws a usage error for anything but a whole number from 1.
 */
export function requestsAtOnce(usual: number, env: NodeJS.ProcessEnv = process.env): number {
  const text = env['ETL_REQUESTS_AT_ONCE'];
  if (text === undefined || text === '') return usual;
  if (/^[1-9]\d{0,3}$/.test(text)) return Math.min(usual, Number(text));
  throw new TaskError(`ETL_REQUESTS_AT_ONCE is "${text}"; it must be a whole number from 1`, { exitCode: 2 });
}
