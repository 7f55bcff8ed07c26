/** Milliseconds as the seconds of the reports, which have three decimals. */
export function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
