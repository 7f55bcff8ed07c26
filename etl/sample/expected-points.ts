/**
 * How many points the offence is likely to make from here: a simple model that falls with the way still to go, the down
 * and the distance. Yards to the end zone, 1 to 99.
 */
export function expectedPoints(down: number, toGo: number, yards: number): number {
  const first = firstDown(yards);
  if (down <= 1) return first - 0.02 * (toGo - 10);
  if (down === 2) return first - 0.05 * toGo;
  if (down === 3) return first - 0.28 - 0.095 * Math.min(toGo, 15);
  // On fourth down it is a kick at best.
  return Math.max(
    first - 1.4 - 0.12 * Math.min(toGo, 12),
    yards <= 38 ? 2.5 - 0.03 * yards : -firstDown(60 + yards / 5),
  );
}

/** What a touchdown counts, its try included on average. */
export const TOUCHDOWN_POINTS = 6.97;

export function firstDown(yards: number): number {
  return 5.6 - 0.068 * yards + (yards < 10 ? 0.08 * (10 - yards) : 0);
}

/** The offence's chance of winning: from its lead, the time left, the ball and what was expected before. */
export function winProbability(lead: number, points: number, secondsLeft: number, favouredBy: number): number {
  const left = Math.max(0, secondsLeft) / 3600;
  const likely = lead + points * Math.min(1, left * 12) + favouredBy * left;
  return 1 / (1 + Math.exp((-1.7 * likely) / (12.5 * Math.sqrt(left) + 0.9)));
}
