import { type Random, randomOf } from '../random.ts';
import type { Game, Side } from '../season.ts';
import { expectedPoints, firstDownPoints, playDrive, priceDrive } from './drive.ts';
import { type Drive, newPlay, otherSide, PLAY_KINDS, type Play } from './play.ts';
import { type Lineup, type Lineups, peopleIn } from './play-people.ts';

/** All plays of a game in order; they end with the score of the schedule. None for a game that has not been played. */
export function playsOf(game: Game, lineups: Readonly<Record<Side, Lineup>>): readonly Play[] {
  const { score } = game;
  if (score === undefined) return [];
  const random = randomOf(`plays ${game.id}`);
  // Each side has the ball equally often, and at least as often as it scores.
  const turns = Math.max(score.drives.home.length, score.drives.away.length, Math.round(random.normal(9.95, 0.9)));
  const points = { home: spread(score.drives.home, turns, random), away: spread(score.drives.away, turns, random) };
  const winner: Side = score.home > score.away ? 'home' : 'away';
  let drives = 0;
  const driveOf = (side: Side, previous: Drive | undefined, worth: number, last?: 'half' | 'game' | 'overtime') => {
    const own = { offence: lineups[side], defence: lineups[otherSide(side)] };
    const drive = newDrive(side, ++drives, worth, previous, random);
    if (last === 'game' && side === winner && worth === 0) kneelDown(drive, own, random);
    else playDrive(drive, own, random);
    if (last !== undefined && worth === 0) cutShort(drive, random);
    priceDrive(drive);
    return { drive, plays: withKicks(drive, own, random, last === 'overtime') };
  };

  const opener: Side = random.chance(0.5) ? 'home' : 'away';
  const quarters = ([opener, otherSide(opener)] as const).flatMap((first, half) => {
    const plays: Play[] = [];
    let previous: Drive | undefined;
    const lastTurn = (half === 0 ? turns >> 1 : turns) - 1;
    for (let turn = half === 0 ? 0 : turns >> 1; turn <= lastTurn; turn++) {
      for (const side of [first, otherSide(first)]) {
        const isLast = turn === lastTurn && side !== first;
        const last = isLast ? (half === 0 ? 'half' : 'game') : undefined;
        const played = driveOf(side, previous, points[side][turn] ?? 0, last);
        plays.push(...played.plays);
        previous = played.drive;
      }
    }
    return [plays.slice(0, plays.length >> 1), plays.slice(plays.length >> 1)];
  });
  const { overtime } = score;
  if (overtime !== undefined) quarters.push(driveOf(overtime.by, undefined, overtime.points, 'overtime').plays);
  const plays = runClock(quarters, random);
  countScore(game, plays);
  return plays;
}

/** Which of a side's turns bring which points. */
function spread(points: readonly number[], turns: number, random: Random): readonly number[] {
  return random.shuffled([...points, ...Array.from({ length: turns - points.length }, () => 0)]);
}

function newDrive(side: Side, number: number, points: number, previous: Drive | undefined, random: Random): Drive {
  const began = previous?.next === undefined ? 'KICKOFF' : previous.result.toUpperCase().replaceAll(' ', '_');
  const start = previous?.next ?? (random.chance(0.6) ? random.pick([70, 75]) : random.int(58, 92));
  return { side, number, start, points, began, result: '', next: undefined, plays: [] };
}

/** The leader lets the clock run out. */
function kneelDown(drive: Drive, lineups: Lineups, random: Random): void {
  for (const down of [1, 2, 3]) {
    const yardline = Math.min(99, drive.start + down - 1);
    const at = { down, toGo: Math.min(9 + down, yardline), yardline };
    const ep = expectedPoints(at.down, at.toGo, at.yardline);
    drive.plays.push(newPlay('kneel', drive, { ...at, ep, yards: -1, people: peopleIn('kneel', lineups, -1, random) }));
  }
  drive.result = 'End of half';
}

/** The clock runs out before the drive ends. */
function cutShort(drive: Drive, random: Random): void {
  if (drive.plays.length < 2) return;
  drive.plays.splice(random.int(1, drive.plays.length - 1));
  Object.assign(drive, { result: 'End of half', next: undefined });
}

/** The plays of a drive with the kickoff before it and the try after a touchdown, which overtime does not have. */
function withKicks(drive: Drive, lineups: Lineups, random: Random, isOvertime: boolean): Play[] {
  const plays = [...drive.plays];
  if (drive.began === 'KICKOFF') {
    const people = peopleIn('kickoff', lineups, 0, random);
    const flags = drive.start === 75 ? 'touchback kickoff_in_endzone' : '';
    const epa = (firstDownPoints(drive.start) - 0.65) * 1.3;
    plays.unshift(newPlay('kickoff', drive, { yardline: 35, kick: 65, people, ep: 0.9, epa, flags }));
  }
  if (drive.points < 6 || isOvertime) return plays;
  const points = drive.points - 6;
  const isForTwo = points === 2 || (points === 0 && random.chance(0.45));
  const kind = isForTwo ? 'twoPointTry' : 'extraPoint';
  const at = isForTwo ? { yardline: 2, toGo: 2 } : { yardline: 15, kick: 33 };
  const flags = isForTwo && points > 0 ? 'complete_pass' : '';
  const people = peopleIn(kind, lineups, 0, random);
  return [...plays, newPlay(kind, drive, { ...at, points, people, ep: 0.94, epa: points - 0.94, flags })];
}

/** Spreads the plays of each quarter over its clock, adds timeouts and the rows of starts and ends, and numbers all. */
function runClock(quarters: readonly (readonly Play[])[], random: Random): readonly Play[] {
  const plays: Play[] = [];
  let timeouts = { home: 3, away: 3 };
  for (const [index, own] of quarters.entries()) {
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined) continue;
    const isOvertime = index === 4;
    const add = (play: Play, clock: number) => {
      const left = clock + (isOvertime ? 0 : (3 - index) * 900);
      plays.push(Object.assign(play, { quarter: index + 1, clock, left, timeouts }));
    };
    if (index % 2 === 0) timeouts = isOvertime ? { home: 2, away: 2 } : { home: 3, away: 3 };
    if (index === 0) add(newPlay('gameStart', first.drive, { offence: undefined, epa: 0 }), 900);
    const whole = own.reduce((sum, { kind }) => sum + PLAY_KINDS[kind][2], 1);
    let passed = 0;
    for (const play of own) {
      const clock = Math.ceil((isOvertime ? 600 : 900) * (1 - passed / whole));
      const timeoutBy: Side = random.chance(0.5) ? 'home' : 'away';
      const isLate = index % 2 === 1 && clock < 270;
      if (play.down > 0 && timeouts[timeoutBy] > 0 && random.chance(isLate ? 0.22 : 0.02)) {
        timeouts = { ...timeouts, [timeoutBy]: timeouts[timeoutBy] - 1 };
        add(newPlay('timeout', play.drive, { offence: undefined, timeoutBy }), clock);
      }
      add(play, clock);
      passed += PLAY_KINDS[play.kind][2];
    }
    if (index === quarters.length - 1) add(newPlay('gameEnd', last.drive, { epa: 0 }), 0);
    else add(newPlay('quarterEnd', last.drive), 0);
  }
  let id = 1;
  for (const [index, play] of plays.entries()) {
    play.order = id;
    play.id = id;
    // As in the real file, a timeout has a higher number than the play it precedes.
    const previous = plays[index - 1];
    if (previous?.kind === 'timeout') previous.id = id + 11;
    id += 17 + random.int(0, 12);
  }
  return plays;
}

/** Sets the score before and after each play, and the home team's chance of winning. */
function countScore({ spread: favoured, score }: Game, plays: readonly Play[]): void {
  let now = { home: 0, away: 0 };
  for (const play of plays) {
    play.before = now;
    if (play.points > 0 && play.offence !== undefined)
      now = { ...now, [play.offence]: now[play.offence] + play.points };
    play.after = now;
    const left = play.left / 3600;
    const expected = play.ep * Math.min(1, left * 12) * (play.offence === 'away' ? -1 : 1);
    const lead = play.before.home - play.before.away + expected + favoured * left;
    play.homeWp = 1 / (1 + Math.exp((-1.7 * lead) / (12.5 * Math.sqrt(left) + 0.9)));
  }
  const end = (Math.sign((score?.home ?? 0) - (score?.away ?? 0)) + 1) / 2;
  for (const [index, play] of plays.entries()) play.homeWpAfter = plays[index + 1]?.homeWp ?? end;
}
