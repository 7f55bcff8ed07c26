/** How long something took, in at most six columns: `0.4s`, `53s`, `1m30s`, `1h02m`, `3d04h`. */
export function formatDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return '-';
  const ms = Math.max(0, durationMs);
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return pair(seconds, 60, 'm', 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return pair(minutes, 60, 'h', 'm');
  return pair(Math.round(minutes / 60), 24, 'd', 'h');
}

/** A time that somebody set, such as a timeout, as it is written in a pipeline file: `0.25s`, `5s`, `1m30s`, `15m`, `2h`. */
export function formatLimit(durationMs: number): string {
  const seconds = Number((Math.max(0, durationMs) / 1000).toPrecision(3));
  return seconds < 60 ? `${seconds}s` : formatDuration(durationMs).replace(/([mhd])00[smh]$/, '$1');
}

/** A time that is still to come, in whole seconds and rounded up, so that it does not say 0 before it is over: `4s`, `2m05s`. */
export function formatCountdown(durationMs: number): string {
  const seconds = Math.max(0, Math.ceil(durationMs / 1000));
  return seconds < 60 ? `${seconds}s` : formatDuration(seconds * 1000);
}

function pair(value: number, base: number, big: string, small: string): string {
  return `${Math.floor(value / base)}${big}${String(value % base).padStart(2, '0')}${small}`;
}
