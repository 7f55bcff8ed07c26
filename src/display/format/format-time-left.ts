import { formatCountdown, type TimeLeft } from '../../engine/index.ts';

/** `~40s left`; as a range where little is known: `40s-1m10s left`. */
export function formatTimeLeft({ ms, lowMs = ms, highMs = ms }: TimeLeft): string {
  const [low, high] = [formatCountdown(lowMs), formatCountdown(highMs)];
  return low === high ? `~${low} left` : `${low}-${high} left`;
}
