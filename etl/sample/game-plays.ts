import { callPlay } from './call-play.ts';
import { type Drive, type DriveGoal, kneelDrive, playDrive } from './drive.ts';
import type { Game } from './game.ts';
import { keepTime } from './keep-time.ts';
import { type DriveFacts, otherSide, type Play, type Side, type Squads } from './play.ts';
import { type Random, randomOf } from './random.ts';
import type { Points } from './score-script.ts';

/** All plays of a game in their order; they end with the score that the schedule has. */
export function playsOf(game: Game, squads: Squads): readonly Play[] {
  const { script } = game;
  if (script === undefined) return [];
  const random = randomOf(`plays ${game.id}`);
  const receiver: Side = random.chance(0.5) ? 'home' : 'away';
  // Each side has the ball as often, and at least as often as it scores.
  const turns = Math.max(script.home.length, script.away.length, Math.round(random.normal(10.2, 0.9)));
  const goals = { home: spread(script.home, turns, random), away: spread(script.away, turns, random) };
  const halves = [0, 1].map((half) => {
    const opener = half === 0 ? receiver : otherSide(receiver);
    return playHalf({ goals, opener, turns, half, random, leader: leaderOf(game) });
  });
  const number = { drive: 0 };
  const periods = halves.map((half) => writeHalf(half, squads, number, random));
  if (script.overtime !== undefined) {
    const { by, points } = script.overtime;
    const drive = playDrive(75, goalOf(points), true, random);
    periods.push(writeHalf([{ side: by, drive, points, kicked: true, began: 'KICKOFF' }], squads, number, random));
  }
  return keepTime(game, periods, squads, random);
}

type PlannedDrive = {
  readonly side: Side;
  readonly drive: Drive;
  readonly points: Points | undefined;
  /** Whether it begins with a kickoff. */
  readonly kicked: boolean;
  readonly began: string;
};

type Half = {
  readonly goals: Readonly<Record<Side, readonly (Points | undefined)[]>>;
  readonly opener: Side;
  readonly turns: number;
  readonly half: number;
  readonly random: Random;
  /** Who wins, and so runs out the clock when he has the ball last. */
  readonly leader: Side | undefined;
};

/** Sides take turns; where one begins follows from how the other ended. */
function playHalf({ goals, opener, turns, half, random, leader }: Half): readonly PlannedDrive[] {
  const planned: PlannedDrive[] = [];
  const [from, to] = half === 0 ? [0, turns >> 1] : [turns >> 1, turns];
  let start: number | undefined;
  let began = 'KICKOFF';
  for (let turn = from; turn < to; turn++) {
    for (const side of [opener, otherSide(opener)]) {
      const points = goals[side][turn];
      const last = turn === to - 1 && side !== opener;
      const kicked = start === undefined;
      const at = start ?? (random.chance(0.6) ? 70 + random.int(0, 1) * 5 : Math.round(random.normal(72, 7)));
      const kneels = last && half === 1 && side === leader && points === undefined;
      const drive = kneels ? kneelDrive(at) : playDrive(at, goalOf(points), last, random);
      planned.push({ side, drive, points, kicked, began });
      start = drive.next;
      began = drive.end.toUpperCase().replaceAll(' ', '_');
    }
  }
  return planned;
}

function writeHalf(half: readonly PlannedDrive[], squads: Squads, number: { drive: number }, random: Random): Play[] {
  const plays: Play[] = [];
  for (const { side, drive, points, kicked, began } of half) {
    const facts: DriveFacts = { number: ++number.drive, side, drive, began, series: 0 };
    const call = callPlay(facts, squads, random);
    if (kicked) plays.push(call.kickoff());
    for (const snap of drive.snaps) plays.push(call.snap(snap));
    if (points?.kind === 'touchdown' && points.after !== 'none') plays.push(call.tryAfter(points.after));
  }
  return plays;
}

function goalOf(points: Points | undefined): DriveGoal {
  if (points === undefined) return 'nothing';
  return points.kind === 'touchdown' ? 'touchdown' : 'field-goal';
}

function leaderOf({ score }: Game): Side | undefined {
  if (score === undefined || score.home === score.away) return undefined;
  return score.home > score.away ? 'home' : 'away';
}

/** Which of a side's drives bring points. */
function spread(points: readonly Points[], turns: number, random: Random): readonly (Points | undefined)[] {
  const chosen = new Set(random.shuffled(Array.from({ length: turns }, (_, turn) => turn)).slice(0, points.length));
  let next = 0;
  return Array.from({ length: turns }, (_, turn) => (chosen.has(turn) ? points[next++] : undefined));
}
