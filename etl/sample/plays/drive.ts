import type { Random } from '../random.ts';
import { type Drive, type Foul, newPlay, type PlayKind } from './play.ts';
import { type Lineups, peopleIn, pick } from './play-people.ts';

/** What a touchdown is worth, its try included on average. */
const TOUCHDOWN_POINTS = 6.97;
/** From how near a kick at goal is tried. */
const KICK_RANGE = 38;

/**
 * Fills `drive.plays`. Down, distance and spot follow from what each play gains; where that would contradict the planned
 * points, the gain is changed: a scoring drive makes its last downs, another one fails near the goal.
 */
export function playDrive(drive: Drive, lineups: Lineups, random: Random): void {
  let [down, yardline] = [1, drive.start];
  let toGo = Math.min(10, yardline);
  const add = (kind: PlayKind, given: Parameters<typeof newPlay>[2] = {}) => {
    const people = peopleIn(kind, lineups, given.yards ?? 0, random);
    drive.plays.push(
      newPlay(kind, drive, { down, toGo, yardline, people, ep: expectedPoints(down, toGo, yardline), ...given }),
    );
  };
  const end = (result: string, next?: number) => {
    drive.result = result;
    drive.next = next === undefined ? undefined : Math.max(1, Math.min(99, next));
  };
  while (drive.result === '') {
    const isInRange = yardline <= KICK_RANGE;
    if (down === 4 && (drive.points === 3 || (drive.points === 0 && isInRange && random.chance(0.3)))) {
      add('fieldGoal', { points: drive.points, kick: yardline + 18 });
      if (drive.points === 3) end('Field goal');
      else end('Missed field goal', 93 - yardline);
    } else if (down === 4 && !isInRange && drive.points === 0 && !(toGo <= 2 && random.chance(0.4))) {
      const landed = Math.max(0, yardline - Math.round(random.normal(42, 8)));
      add('punt', { kick: yardline - landed });
      end('Punt', landed === 0 ? 80 : 100 - landed);
    } else if (down < 4 && random.chance(0.066)) {
      const { kind, ...foul } = drawFoul(random);
      const gained = yardline - Math.max(1, Math.min(99, yardline + (foul.byOffence ? foul.yards : -foul.yards)));
      const isFirst = gained >= toGo;
      const penalty = pick(lineups[foul.byOffence ? 'offence' : 'defence'], 'tackler', random);
      add(kind, { foul, people: { penalty }, flags: isFirst ? 'first_down first_down_penalty' : '' });
      yardline -= gained;
      toGo = isFirst ? Math.min(10, yardline) : Math.max(1, toGo - gained);
      if (isFirst) down = 1;
    } else {
      const { kind, yards, airYards, isFumble } = drawSnap(drive, down, toGo, yardline, random);
      const isPick = kind === 'interception';
      const isTouchdown = yards === yardline;
      const isFirst = yards >= toGo && !isPick;
      const how = kind === 'completion' ? 'pass' : 'rush';
      const flags = [
        isFirst ? `first_down first_down_${how}` : '',
        isTouchdown ? `touchdown ${how}_touchdown` : '',
        isFumble ? 'fumble fumble_forced fumble_lost' : '',
        down < 3 ? '' : `${down === 3 ? 'third' : 'fourth'}_down_${isFirst ? 'converted' : 'failed'}`,
      ];
      add(kind, { yards: isPick ? 0 : yards, airYards, points: isTouchdown ? 6 : 0, flags: flags.join(' ') });
      yardline -= yards;
      if (isTouchdown) end('Touchdown');
      else if (isPick || isFumble) end('Turnover', 100 - yardline);
      else if (down === 4 && !isFirst) end('Turnover on downs', 100 - yardline);
      down = isFirst ? 1 : down + 1;
      toGo = isFirst ? Math.min(10, yardline) : toGo - yards;
    }
  }
}

const YARDS: Partial<Record<PlayKind, (random: Random) => number>> = {
  run: (random) => random.normal(3.1, 3) + (random.chance(0.11) ? random.exponential(9) : 0),
  sack: (random) => -random.int(1, 12),
  scramble: (random) => random.normal(7, 5),
  completion: (random) => random.normal(5.2, 5) + (random.chance(0.1) ? 17 : 0) + random.exponential(4.6),
  interception: (random) => Math.max(0, random.normal(9, 6)),
};

function drawSnap(drive: Drive, down: number, toGo: number, yardline: number, random: Random) {
  const isScoring = drive.points > 0;
  let kind = drawKind(down, toGo, random);
  let yards = Math.max(-12, Math.round(YARDS[kind]?.(random) ?? 0));
  const isLastChance = down >= 3 && (drive.points !== 3 || yardline > KICK_RANGE);
  const hasToFail = isScoring
    ? drive.points === 3 && down === 3 && yardline <= KICK_RANGE
    : down === 4 || (down === 3 && random.chance(0.8));
  if (isScoring && (kind === 'interception' || (isLastChance && yards < toGo))) {
    kind = random.chance(0.75) ? 'completion' : 'run';
    yards = toGo + random.int(0, 18);
  } else if (hasToFail && yards >= toGo) {
    kind = 'incompletion';
    yards = 0;
  }
  // Only a touchdown drive reaches the end zone, and nobody is driven back into his own.
  if (yards >= yardline) yards = drive.points >= 6 ? yardline : yardline >> 1;
  yards = Math.max(yards, yardline - 99);
  const isFumble = !isScoring && random.chance(kind === 'sack' ? 0.12 : kind === 'run' ? 0.016 : 0);
  const isThrown = kind === 'completion' || kind === 'incompletion' || kind === 'interception';
  const airYards = isThrown
    ? Math.min(yardline, yards === 0 ? random.int(0, 20) : yards - random.int(0, 5))
    : undefined;
  return { kind, yards, airYards, isFumble };
}

function drawKind(down: number, toGo: number, random: Random): PlayKind {
  const passShare = down === 3 && toGo > 3 ? 0.84 : down === 2 && toGo > 7 ? 0.63 : 0.515;
  if (!random.chance(passShare)) return 'run';
  const roll = random.next();
  if (roll < 0.064) return 'sack';
  if (roll < 0.11) return 'scramble';
  if (roll < 0.113) return 'spike';
  if (roll < 0.168) return 'interception';
  return roll < 0.73 ? 'completion' : 'incompletion';
}

const FOULS: readonly (Foul & { readonly kind: PlayKind })[] = [
  { name: 'False Start', yards: 5, byOffence: true, kind: 'foulBeforeSnap' },
  { name: 'Defensive Offside', yards: 5, byOffence: false, kind: 'foulBeforeSnap' },
  { name: 'Offensive Holding', yards: 10, byOffence: true, kind: 'foulOnRun' },
  { name: 'Offensive Holding', yards: 10, byOffence: true, kind: 'foulOnPass' },
  { name: 'Defensive Pass Interference', yards: 16, byOffence: false, kind: 'foulOnPass' },
];

const drawFoul = (random: Random) => random.pick(FOULS);

/** Sets what each play added: the points expected after it less those before. */
export function priceDrive({ plays, result, next }: Drive): void {
  for (const [index, play] of plays.entries()) {
    const ends: Readonly<Record<string, number>> = { Touchdown: TOUCHDOWN_POINTS, 'Field goal': 3 };
    const afterLast = ends[result] ?? (next === undefined ? play.ep : -firstDownPoints(next));
    // Fitted to the mean and the spread of real plays.
    const [shift, stretch] = play.foul ? [0.1, 0.9] : play.flags.has('pass') ? [-0.3, 1.1] : [-0.06, 1.1];
    play.epa = ((plays[index + 1]?.ep ?? afterLast) - play.ep + shift) * stretch;
  }
}

/** Points that the offence is likely to make: fewer with the way to go, the down and the distance. */
export function expectedPoints(down: number, toGo: number, yardline: number): number {
  const first = firstDownPoints(yardline);
  if (down === 1) return first - 0.02 * (toGo - 10);
  if (down === 2) return first - 0.05 * toGo;
  if (down === 3) return first - 0.28 - 0.095 * Math.min(toGo, 15);
  const kick = yardline <= KICK_RANGE ? 2.5 - 0.03 * yardline : -firstDownPoints(60 + yardline / 5);
  return Math.max(first - 1.4 - 0.12 * Math.min(toGo, 12), kick);
}

export function firstDownPoints(yardline: number): number {
  return 5.6 - 0.068 * yardline + (yardline < 10 ? 0.08 * (10 - yardline) : 0);
}
