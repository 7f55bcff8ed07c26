import { formatDuration, formatLimit } from '../../model/text/format-duration.ts';
import { type Finding, notMeasured, rounded } from './sla-judgement.ts';

/** A run or a level; times in ms. */
export type Duration = {
  /** So far, without waiting for a person; undefined before it has begun. */
  readonly ms: number | undefined;
  readonly personMs?: number;
  /** How long it will still take at most, as earlier runs tell; undefined when they tell nothing. */
  readonly leftMs: number | undefined;
  /** Whether they tell nothing, or something takes longer than in any of them. */
  readonly isUncertain: boolean;
  readonly isOver: boolean;
  /** Whether all of its tasks have succeeded, or were skipped. */
  readonly isDone: boolean;
};

/** Without an estimate that can be relied on, it is at risk when this share of the limit is used up and work is left. */
const tightShare = 0.8;

/** Whether it takes no longer than `limitMs`. What did not do its work within the limit has neither kept nor missed it. */
export function judgeDuration(duration: Duration, limitMs: number): Finding {
  const { ms = 0, personMs = 0, leftMs, isUncertain, isOver, isDone } = duration;
  const limit = formatLimit(limitMs);
  const waited = personMs < 1_000 ? '' : `, without ${formatDuration(personMs)} of waiting for a person`;
  const finding = (status: Finding['status'], text: string): Finding => ({
    status,
    measured: rounded(ms / 1000),
    message: text + waited,
  });
  if (ms > limitMs) {
    const message = isOver ? `took ${exact(ms, limitMs)}` : `has taken ${exact(ms, limitMs)} so far`;
    return finding('missed', `${message}, limit ${limit}`);
  }
  if (isOver && duration.ms === undefined) return notMeasured('none of its tasks ran');
  if (isOver && !isDone) return notMeasured(`not all of its tasks finished; it took ${formatDuration(ms)}`);
  if (isOver) return finding('met', `took ${exact(ms, limitMs)}, limit ${limit}`);
  if (leftMs !== undefined && ms + leftMs > limitMs) {
    return finding('at-risk', `may take ${exact(ms + leftMs, limitMs)}, limit ${limit}`);
  }
  if (isUncertain && ms >= tightShare * limitMs) {
    return finding('at-risk', `${formatDuration(ms)} of ${limit} used, not finished`);
  }
  if (duration.ms === undefined) return { status: 'open', message: `not started, limit ${limit}` };
  return finding('open', `${formatDuration(ms)} of ${limit}`);
}

/** Not rounded to the limit itself. */
function exact(ms: number, limitMs: number): string {
  const text = formatDuration(ms);
  return text === formatDuration(limitMs) && ms > limitMs ? `just over ${text}` : text;
}
