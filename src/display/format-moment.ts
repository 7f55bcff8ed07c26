/** A moment for people, in UTC like all that is written: `2026-01-05 07:00:12`. */
export function formatMoment(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
