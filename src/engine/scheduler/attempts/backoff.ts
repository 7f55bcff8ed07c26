import { drawFraction } from '../../model/draw-fraction.ts';
import type { Retries } from '../../model/pipeline/pipeline.ts';

/**
 * The delay before the next attempt: initial x factor^(failures - 1), at most `maxMs`; with jitter, a value from
 * [delay / 2, delay] that depends only on the seed, the task and the count, so that a replay gives the same delays.
 * @param failures failed attempts so far, at least 1
 */
export function backoffMs(policy: Retries, failures: number, seed: number, task: string): number {
  // 0 times infinity would be NaN.
  const grown = policy.initialMs === 0 ? 0 : policy.initialMs * policy.factor ** (failures - 1);
  const delay = Math.min(policy.maxMs, grown);
  if (!policy.jitter) return Math.round(delay);
  return Math.round(delay / 2 + (delay / 2) * drawFraction(seed, `${task}#${failures}`));
}
