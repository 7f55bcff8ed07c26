import { TaskError } from '../../task-error.ts';
import { type Fault, parseFault } from './sample-faults.ts';
import type { SampleRates } from './sample-rates.ts';

export type SampleSettings = {
  readonly scale: 'full' | 'small';
  readonly rates: SampleRates;
  readonly faults: readonly Fault[];
};

/** A small delay, so that requests take time as with a real source. */
const LATENCY_MS = 20;

/** The variables of the rates, each a whole number. */
const RATES = {
  ETL_SAMPLE_LATENCY_MS: 'a number of milliseconds, like 200',
  ETL_SAMPLE_ODDS_LATENCY_MS: 'a number of milliseconds, like 400',
  ETL_SAMPLE_WEATHER_LATENCY_MS: 'a number of milliseconds, like 250',
  ETL_SAMPLE_KB_PER_SECOND: 'a number of kilobytes per second, like 3000',
  ETL_SAMPLE_ODDS_PER_SECOND: 'a number of requests per second, like 30',
} as const;

/**
 * The settings of a task's own sample server: ETL_SAMPLE_SCALE (`full`, or `small` for 8 clubs), the rates (see RATES;
 * off but for a small latency), and ETL_SAMPLE_FAULTS, a list like `429:odds:2:1, truncated:pbp` (see `parseFault`),
 * which start again with each attempt of each task. Throws a usage error for anything else.
 */
export function readSampleSettings(env: NodeJS.ProcessEnv): SampleSettings {
  const scale = env['ETL_SAMPLE_SCALE'] || 'full';
  if (scale !== 'full' && scale !== 'small') {
    throw new TaskError(`ETL_SAMPLE_SCALE is "${scale}"; it must be "full" or "small"`, { exitCode: 2 });
  }
  const words = (env['ETL_SAMPLE_FAULTS'] ?? '').split(/[\s,]+/).filter((word) => word !== '');
  return { scale, rates: ratesOf(env), faults: words.map(faultOf) };
}

function ratesOf(env: NodeJS.ProcessEnv): SampleRates {
  const oddsLatencyMs = numberOf('ETL_SAMPLE_ODDS_LATENCY_MS', env);
  const weatherLatencyMs = numberOf('ETL_SAMPLE_WEATHER_LATENCY_MS', env);
  const kbPerSecond = numberOf('ETL_SAMPLE_KB_PER_SECOND', env);
  const oddsPerSecond = numberOf('ETL_SAMPLE_ODDS_PER_SECOND', env);
  return {
    latencyMs: numberOf('ETL_SAMPLE_LATENCY_MS', env) ?? LATENCY_MS,
    ...(oddsLatencyMs === undefined ? {} : { oddsLatencyMs }),
    ...(weatherLatencyMs === undefined ? {} : { weatherLatencyMs }),
    ...(kbPerSecond ? { bytesPerSecond: kbPerSecond * 1000 } : {}),
    ...(oddsPerSecond ? { oddsPerSecond } : {}),
  };
}

function numberOf(name: keyof typeof RATES, env: NodeJS.ProcessEnv): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new TaskError(`${name} is "${text}"; it must be ${RATES[name]}`, { exitCode: 2 });
}

function faultOf(word: string): Fault {
  const fault = parseFault(word);
  if (fault !== undefined) return fault;
  throw new TaskError(
    `ETL_SAMPLE_FAULTS has "${word}"; a fault is WHAT:PATH[:TIMES[:RETRY_AFTER]], WHAT one of a status, truncated, ` +
      'stalled and web-page: 429:odds:2:1',
    { exitCode: 2 },
  );
}
