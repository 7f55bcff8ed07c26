import type { Random } from './random.ts';

/** How a drive that brings points ends; the try after a touchdown is its own play. */
export type Points =
  | { readonly kind: 'touchdown'; readonly after: 'kick' | 'missed-kick' | 'two' | 'failed-two' | 'none' }
  | { readonly kind: 'field-goal' };

/** The points of a game before a single play of it is made up: the plays are then played so that they come out. */
export type ScoreScript = {
  readonly home: readonly Points[];
  readonly away: readonly Points[];
  /** What decided a game that stood even after four quarters; `points` undefined when it ended in a tie. */
  readonly overtime: { readonly by: 'home' | 'away'; readonly points: Points | undefined } | undefined;
};

/** Draws a game in which the home team is expected to win by `margin` points. */
export function drawScores(margin: number, mayTie: boolean, random: Random): ScoreScript {
  const home = drawPoints(22.05 + margin / 2, random);
  const away = drawPoints(22.05 - margin / 2, random);
  if (sum(home) !== sum(away)) return { home, away, overtime: undefined };
  const by = random.chance(0.5 + margin / 50) ? 'home' : 'away';
  const touchdown: Points = { kind: 'touchdown', after: 'none' };
  const points = mayTie && random.chance(0.05) ? undefined : random.chance(0.55) ? FIELD_GOAL : touchdown;
  return { home, away, overtime: { by, points } };
}

export function scoreOf(script: ScoreScript): { readonly home: number; readonly away: number } {
  const { overtime } = script;
  const extra = overtime?.points === undefined ? 0 : worth(overtime.points);
  return {
    home: sum(script.home) + (overtime?.by === 'home' ? extra : 0),
    away: sum(script.away) + (overtime?.by === 'away' ? extra : 0),
  };
}

/** Points of a drive, its try included. */
function worth(points: Points): number {
  if (points.kind === 'field-goal') return 3;
  return 6 + (points.after === 'kick' ? 1 : points.after === 'two' ? 2 : 0);
}

const FIELD_GOAL: Points = { kind: 'field-goal' };

function drawPoints(expected: number, random: Random): Points[] {
  const count = (mean: number, deviation: number) =>
    Math.max(0, Math.min(8, Math.round(random.normal(mean, deviation))));
  const touchdowns = count((expected - 5.1) / 6.95, 1.1);
  const fieldGoals = count(1.65, 1.05);
  const points: Points[] = Array.from({ length: fieldGoals }, () => FIELD_GOAL);
  for (let nth = 0; nth < touchdowns; nth++) points.push({ kind: 'touchdown', after: drawTry(random) });
  return random.shuffled(points);
}

function drawTry(random: Random) {
  if (random.chance(0.09)) return random.chance(0.48) ? 'two' : 'failed-two';
  return random.chance(0.945) ? 'kick' : 'missed-kick';
}

function sum(all: readonly Points[]): number {
  return all.reduce((total, points) => total + worth(points), 0);
}
