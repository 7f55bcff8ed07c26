import { displayText, type Regression } from '../engine/index.ts';
import { formatCount } from './format/format-count.ts';
import { formatDuration } from './format/format-duration.ts';

/**
 * `load_plays took 14.2s, usually 10.1s (+41 %), in 5 runs since 20260105_070012_k3fq; rows +40 %`; the run as a whole is
 * `the run`. Safe on a terminal.
 */
export function describeRegression(regression: Regression): string {
  const { task, seconds, usual_seconds: usual, change, since, slower_runs: slower } = regression;
  const { rows, usual_rows: usualRows } = regression;
  const lasting = slower > 1 ? `, in ${formatCount(slower, 'run')} since ${since}` : '';
  // Where there is more to do, that is the likely reason.
  const more = rows === undefined || !usualRows ? 0 : rows / usualRows - 1;
  const why = Math.abs(more) < minRowChange ? '' : `; rows ${formatChange(more)}`;
  const took = `took ${formatDuration(seconds * 1000)}, usually ${formatDuration(usual * 1000)}`;
  return displayText(`${task ?? 'the run'} ${took} (${formatChange(change)})${lasting}${why}`);
}

const minRowChange = 0.05;

/** `+41 %`, `-12 %`, `0 %`; from ten times on a factor: `x12`. */
export function formatChange(change: number): string {
  if (!Number.isFinite(change)) return '-';
  if (change >= 9) return `x${Math.round(change + 1)}`;
  const percent = Math.round(change * 100);
  return `${percent > 0 ? '+' : ''}${percent === 0 ? 0 : percent} %`;
}
