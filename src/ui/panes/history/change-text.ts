/** By how much something took longer, as a share: `+80%`, `-12%`; from ten times on a factor, `x12`. */
export function changeText(change: number): string {
  if (!Number.isFinite(change) || change <= -1) return '-';
  if (change >= 9) return `x${Math.round(change + 1)}`;
  const percent = Math.round(change * 100);
  return `${percent > 0 ? '+' : ''}${percent}%`;
}
