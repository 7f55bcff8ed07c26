/** Milliseconds as the seconds of the reports, which have three decimals. */
export function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}

/** Milliseconds for people: `0.25 s`, `90 s`, `20 min`, `1 h 30 min`. */
export function durationWords(ms: number): string {
  if (ms < 120_000) return `${seconds(ms)} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
