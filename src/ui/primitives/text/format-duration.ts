/** A duration in at most six columns: `80ms`, `12.4s`, `4m12s`, `1h04m`, `3d04h`. */
export function formatDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return '-';
  const ms = Math.max(0, durationMs);
  if (ms < 100) return `${Math.round(ms)}ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return pair(seconds, 60, 'm', 's');
  const minutes = Math.floor(seconds / 60);
  return minutes < 24 * 60 ? pair(minutes, 60, 'h', 'm') : pair(Math.floor(minutes / 60), 24, 'd', 'h');
}

/** A time that is still to come, in whole units and rounded up, so that it never says 0 before it is over: `4s`, `2m05s`. */
export function formatCountdown(durationMs: number): string {
  const seconds = Math.max(0, Math.ceil(durationMs / 1000));
  return seconds < 60 ? `${seconds}s` : formatDuration(seconds * 1000);
}

/** A duration as people write limits: whole units only where it is one (`15m`, `1h30m`, `2s`), else as `formatDuration`. */
export function formatLimit(durationMs: number): string {
  const seconds = durationMs / 1000;
  if (seconds < 60 && Number.isInteger(seconds)) return `${seconds}s`;
  return formatDuration(durationMs).replace(/([mhd])00[smh]$/, '$1');
}

/** Elapsed time as a clock: `00:41`, `1:02:03`. */
export function formatClock(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const tail = `${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}`;
  return hours === 0 ? tail : `${hours}:${tail}`;
}

/** A moment in UTC, to the second: `2026-01-05 06:00:41`. */
export function formatMoment(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 19).replace('T', ' ');
}

function pair(value: number, base: number, big: string, small: string): string {
  return `${Math.floor(value / base)}${big}${twoDigits(value % base)}${small}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
