import { blankPlay } from './call-play.ts';
import { describePlay } from './describe-play.ts';
import { winProbability } from './expected-points.ts';
import type { Game } from './game.ts';
import type { DriveFacts, Play, Side, Squads } from './play.ts';
import type { Random } from './random.ts';

/** Two halves, and ten minutes when they were not enough. */
const PERIOD_SECONDS = [1800, 1800, 600];

/**
 * Spreads the plays of each half over its clock, and adds what belongs to no drive: the start, the ends of quarters and
 * timeouts. Then everything that follows from the order: scores, numbers, chances of winning, descriptions.
 */
export function keepTime(
  game: Game,
  periods: readonly (readonly Play[])[],
  squads: Squads,
  random: Random,
): readonly Play[] {
  const first = periods[0]?.[0];
  if (first === undefined) return [];
  const plays: Play[] = [marker(first.drive, 'GAME_START', 1, 3600, 900, 0)];
  const timeouts = { home: 3, away: 3 };
  for (const [period, own] of periods.entries()) {
    const seconds = PERIOD_SECONDS[period] ?? 600;
    const quarters = period === 2 ? [5] : [period * 2 + 1, period * 2 + 2];
    // Overtime has a clock of its own, and the game's seconds begin anew.
    const gameLeft = period === 0 ? 3600 : period === 1 ? 1800 : 600;
    const whole = own.reduce((sum, play) => sum + play.lasts, 0);
    const perQuarter = seconds / quarters.length;
    Object.assign(timeouts, { home: period === 2 ? 2 : 3, away: period === 2 ? 2 : 3 });
    let passed = 0;
    let quarter = 0;
    for (const play of own) {
      const elapsed = Math.min(seconds - 1, Math.floor((passed / whole) * (seconds - 1)));
      if (quarter === 0 && quarters.length === 2 && elapsed >= perQuarter) {
        quarter = 1;
        plays.push(marker(play.drive, 'END_QUARTER', quarters[0] ?? 0, gameLeft - perQuarter, 0, undefined));
      }
      play.quarter = quarters[quarter] ?? 0;
      play.left = gameLeft - elapsed;
      play.clock = perQuarter * (quarter + 1) - elapsed;
      const by: Side = random.chance(0.5) ? 'home' : 'away';
      if (play.snap !== undefined && timeouts[by] > 0 && random.chance(elapsed > seconds * 0.85 ? 0.25 : 0.02)) {
        timeouts[by]--;
        const { drive, left, clock } = play;
        plays.push(
          blankPlay(drive, { type: 'no_play', word: 'TIMEOUT', scorer: by, left, clock, quarter: play.quarter }),
        );
        (plays.at(-1) as Play).timeouts = { ...timeouts };
      }
      play.timeouts = { ...timeouts };
      plays.push(play);
      passed += play.lasts;
    }
    const last = own.at(-1)?.drive ?? first.drive;
    const over = period === periods.length - 1;
    plays.push(
      marker(
        last,
        over ? 'END_GAME' : 'END_QUARTER',
        quarters.at(-1) ?? 0,
        gameLeft - seconds,
        0,
        over ? 0 : undefined,
      ),
    );
  }
  number(plays, random);
  score(game, plays);
  for (const play of plays) play.text = describePlay(game, play, squads);
  return plays;
}

function marker(
  drive: DriveFacts,
  word: string,
  quarter: number,
  left: number,
  clock: number,
  epa: number | undefined,
): Play {
  // Ends of quarters and of the game stand with the side that has the ball, the start with none.
  const offence = word === 'GAME_START' ? undefined : drive.side;
  return blankPlay(drive, { type: '', word, quarter, left, clock, epa, offence, lasts: 0 });
}

/** Numbers have gaps, and a timeout's comes after that of the play it stands before. */
function number(plays: readonly Play[], random: Random): void {
  let at = 1;
  for (const [index, play] of plays.entries()) {
    play.id = at;
    play.sequence = at;
    const before = plays[index - 1];
    if (before?.word === 'TIMEOUT') before.id = at + 11;
    at += index === 0 ? 39 : 17 + random.int(0, 12);
  }
}

function score(game: Game, plays: readonly Play[]): void {
  let now = { home: 0, away: 0 };
  for (const play of plays) {
    play.before = now;
    if (play.points > 0 && play.scorer !== undefined) {
      now = { ...now, [play.scorer]: now[play.scorer] + play.points };
    }
    play.after = now;
    const mine = play.offence === 'away' ? -1 : 1;
    const lead = (play.before.home - play.before.away) * mine;
    const chance = winProbability(lead, play.ep, play.left, game.spread * mine);
    play.homeWp = mine === 1 ? chance : 1 - chance;
  }
  const { home, away } = now;
  const end = home > away ? 1 : home < away ? 0 : 0.5;
  for (const [index, play] of plays.entries()) play.homeWpAfter = plays[index + 1]?.homeWp ?? end;
  const last = plays.at(-1);
  if (last !== undefined) last.homeWp = end;
}
