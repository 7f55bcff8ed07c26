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

/** A pseudo-random number from [0, 1) that depends only on its arguments (FNV-1a, then MurmurHash3's finalizer). */
function drawFraction(seed: number, text: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
