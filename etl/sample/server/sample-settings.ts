import { TaskError } from '../../task-error.ts';
import { type Fault, parseFault } from './sample-faults.ts';

export type SampleSettings = {
  readonly scale: 'full' | 'small';
  readonly latencyMs: number;
  readonly faults: readonly Fault[];
};

/** A small delay, so that requests take time as with a real source. */
const LATENCY_MS = 20;

/**
 * The settings of a task's own sample server: ETL_SAMPLE_SCALE (`full`, or `small` for 8 clubs),
 * ETL_SAMPLE_LATENCY_MS, and ETL_SAMPLE_FAULTS, a list like `429:odds:2:1, truncated:pbp` (see `parseFault`), which
 * start again with each attempt of each task. Throws a usage error for anything else.
 */
export function readSampleSettings(env: NodeJS.ProcessEnv): SampleSettings {
  const scale = env['ETL_SAMPLE_SCALE'] || 'full';
  if (scale !== 'full' && scale !== 'small') {
    throw new TaskError(`ETL_SAMPLE_SCALE is "${scale}"; it must be "full" or "small"`, { exitCode: 2 });
  }
  const latency = env['ETL_SAMPLE_LATENCY_MS'] || String(LATENCY_MS);
  if (!/^\d{1,6}$/.test(latency)) {
    throw new TaskError(`ETL_SAMPLE_LATENCY_MS is "${latency}"; it must be a number of milliseconds, like 200`, {
      exitCode: 2,
    });
  }
  const words = (env['ETL_SAMPLE_FAULTS'] ?? '').split(/[\s,]+/).filter((word) => word !== '');
  return { scale, latencyMs: Number(latency), faults: words.map(faultOf) };
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
