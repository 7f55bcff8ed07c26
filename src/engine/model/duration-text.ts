/** A duration for people, as short as it is exact enough: `80ms`, `0.4s`, `53s`, `1m30s`, `20m`, `1h02m`, `3d04h`. */
export function durationText(durationMs: number): string {
  const ms = Math.max(0, Math.round(durationMs));
  if (!Number.isFinite(ms)) return '?';
  if (ms < 100) return ms === 0 ? '0s' : `${ms}ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1).replace(/\.0$/, '')}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return pair(seconds, 60, 'm', 's');
  const minutes = Math.round(seconds / 60);
  return minutes < 24 * 60 ? pair(minutes, 60, 'h', 'm') : pair(Math.floor(minutes / 60), 24, 'd', 'h');
}

function pair(value: number, base: number, big: string, small: string): string {
  const rest = value % base;
  return `${Math.floor(value / base)}${big}${rest === 0 ? '' : `${String(rest).padStart(2, '0')}${small}`}`;
}
