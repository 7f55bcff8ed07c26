import type { TaskReport } from '../../../model/task-state.ts';

const longestMessage = 1_000;

/**
 * What one line of a report file says; undefined when it says nothing we know. Never throws. The message is masked before
 * it is cut, since half a secret would not be recognised.
 */
export function parseReport(line: string, mask: (text: string) => string): TaskReport | undefined {
  const said = parseObject(line);
  if (said === undefined) return undefined;
  const progress = numberOf(said['progress']);
  const message = said['message'];
  const rows = countOf(said['rows']);
  const rowsChanged = countOf(said['rows_changed']);
  const quotaRemaining = countOf(said['quota_remaining']);
  const retryAfterSeconds = delayOf(said['retry_after_seconds']);
  const report = {
    ...(progress === undefined ? {} : { progress: Math.min(1, Math.max(0, progress)) }),
    ...(typeof message === 'string' ? { message: mask(message).slice(0, longestMessage) } : {}),
    ...(rows === undefined ? {} : { rows }),
    ...(rowsChanged === undefined ? {} : { rowsChanged }),
    ...(quotaRemaining === undefined ? {} : { quotaRemaining }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
  return Object.keys(report).length === 0 ? undefined : report;
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A whole number that can be counted to; anything else is no count of rows. */
function countOf(value: unknown): number | undefined {
  const count = Math.round(numberOf(value) ?? -1);
  return count >= 0 && count <= Number.MAX_SAFE_INTEGER ? count : undefined;
}

/** So far in the future nobody waits; from here on all numbers mean the same. */
const longestDelaySeconds = 1e10;

function delayOf(value: unknown): number | undefined {
  const seconds = numberOf(value);
  return seconds !== undefined && seconds >= 0 ? Math.min(longestDelaySeconds, seconds) : undefined;
}
