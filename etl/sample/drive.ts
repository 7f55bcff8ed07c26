import { expectedPoints, firstDown, TOUCHDOWN_POINTS } from './expected-points.ts';
import type { Random } from './random.ts';
import { drawFoul, type Snap, snapOf } from './snap.ts';

export type DriveEnd =
  | 'Touchdown'
  | 'Field goal'
  | 'Punt'
  | 'Turnover'
  | 'Turnover on downs'
  | 'Missed field goal'
  | 'End of half';

export type Drive = {
  readonly snaps: readonly Snap[];
  readonly end: DriveEnd;
  readonly start: number;
  /** Where the other side begins, in its yards to the end zone; undefined after points. */
  readonly next: number | undefined;
};

export type DriveGoal = 'touchdown' | 'field-goal' | 'nothing';

/** Plays a drive that has to end as the script says: as many times as it takes, so that it looks like any other. */
export function playDrive(start: number, goal: DriveGoal, lastOfHalf: boolean, random: Random): Drive {
  for (let attempt = 0; attempt < 80; attempt++) {
    const drive = attemptDrive(start, goal, random);
    if (drive !== undefined) return priced(lastOfHalf && goal === 'nothing' ? cutShort(drive, random) : drive);
  }
  return priced(surely(start, goal));
}

/** The leader lets the clock run out. */
export function kneelDrive(start: number): Drive {
  const snaps = [1, 2, 3].map((down) => snapOf('kneel', down, 9 + down, Math.min(99, start + down - 1), { yards: -1 }));
  return priced({ snaps, end: 'End of half', start, next: undefined });
}

function attemptDrive(start: number, goal: DriveGoal, random: Random): Drive | undefined {
  const snaps: Snap[] = [];
  let yardline = start;
  let down = 1;
  let toGo = Math.min(10, start);
  for (;;) {
    if (down === 4) {
      const goes = toGo <= 2 && yardline < 62 && random.chance(0.4);
      if (!goes) return kick(snaps, start, goal, yardline, toGo, random);
    }
    const foul = random.chance(0.068) ? drawFoul(random) : undefined;
    if (foul !== undefined) {
      const yards = foul.byOffence ? -foul.yards : foul.yards;
      const to = Math.max(1, Math.min(99, yardline - yards));
      const gained = yardline - to;
      const first = !foul.byOffence && gained >= toGo;
      snaps.push(snapOf('penalty', down, toGo, yardline, { foul, firstDown: first }));
      yardline = to;
      toGo = first ? Math.min(10, yardline) : Math.max(1, toGo - gained);
      if (first) down = 1;
      continue;
    }
    const played = drawSnap(down, toGo, yardline, random);
    snaps.push(played);
    if (played.touchdown) return goal === 'touchdown' ? { snaps, end: 'Touchdown', start, next: undefined } : undefined;
    if (played.turnover !== undefined) {
      const spot = played.turnover === 'interception' ? played.airYards : played.yards;
      return goal === 'nothing' ? { snaps, end: 'Turnover', start, next: clamp(100 - (yardline - spot)) } : undefined;
    }
    yardline = Math.min(99, yardline - played.yards);
    if (played.firstDown) {
      down = 1;
      toGo = Math.min(10, yardline);
    } else {
      down++;
      toGo -= played.yards;
    }
    if (down > 4) {
      return goal === 'nothing' ? { snaps, end: 'Turnover on downs', start, next: clamp(100 - yardline) } : undefined;
    }
  }
}

function kick(snaps: Snap[], start: number, goal: DriveGoal, yardline: number, toGo: number, random: Random) {
  if (yardline <= 38) {
    const good = goal === 'field-goal';
    // Kicks from near by seldom miss.
    if (!good && (goal === 'touchdown' || !random.chance(0.12))) return undefined;
    snaps.push(snapOf('field-goal', 4, toGo, yardline, { good }));
    if (good) return { snaps, end: 'Field goal', start, next: undefined } as const;
    return { snaps, end: 'Missed field goal', start, next: clamp(100 - Math.min(yardline + 7, 80)) } as const;
  }
  if (goal !== 'nothing') return undefined;
  const landed = yardline - Math.round(random.normal(42, 8));
  snaps.push(snapOf('punt', 4, toGo, yardline, {}));
  return { snaps, end: 'Punt', start, next: landed <= 0 ? 80 : clamp(100 - landed) } as const;
}

function drawSnap(down: number, toGo: number, yardline: number, random: Random): Snap {
  const passes = random.chance(down === 3 && toGo > 3 ? 0.84 : down === 2 && toGo > 7 ? 0.63 : 0.515);
  const limited = (yards: number) => Math.min(yards, yardline);
  const gain = (yards: number) => ({
    yards: limited(yards),
    touchdown: yards >= yardline,
    firstDown: yards >= Math.min(toGo, yardline),
  });
  if (!passes) {
    const far = random.chance(0.11) ? Math.round(-9 * Math.log(1 - random.next())) : 0;
    const yards = Math.max(-6, yardline - 99, Math.round(random.normal(3.1, 3)) + far);
    const fumble = random.chance(0.008) && yards < yardline;
    return snapOf('run', down, toGo, yardline, fumble ? { yards: limited(yards), turnover: 'fumble' } : gain(yards));
  }
  const chance = random.next();
  if (chance < 0.064) {
    const yards = Math.max(yardline - 99, -random.int(1, 12));
    return snapOf('sack', down, toGo, yardline, { yards, turnover: random.chance(0.06) ? 'fumble' : undefined });
  }
  if (chance < 0.11)
    return snapOf('scramble', down, toGo, yardline, gain(Math.max(-3, Math.round(random.normal(7, 5)))));
  if (chance < 0.112) return snapOf('spike', down, toGo, yardline, {});
  const deep = random.chance(0.1) ? 17 : 0;
  const airYards = limited(Math.max(-5, Math.round(random.normal(5.2, 5)) + deep));
  if (random.chance(0.025)) return snapOf('pass', down, toGo, yardline, { airYards, turnover: 'interception' });
  if (!random.chance(deep > 0 ? 0.45 : 0.69)) return snapOf('pass', down, toGo, yardline, { airYards });
  const after = Math.round(-4.6 * Math.log(1 - random.next()));
  const yards = Math.max(yardline - 99, airYards + after);
  return snapOf('pass', down, toGo, yardline, { airYards, complete: true, ...gain(yards) });
}

/** The clock runs out on a drive that came to nothing. */
function cutShort(drive: Drive, random: Random): Drive {
  const left = drive.snaps.slice(0, random.int(1, drive.snaps.length));
  const kept = left.filter((one) => one.turnover === undefined && one.kind !== 'punt' && one.kind !== 'field-goal');
  return kept.length === 0 ? drive : { ...drive, snaps: kept, end: 'End of half', next: undefined };
}

/** For the rare start from which chance does not lead to the goal. */
function surely(start: number, goal: DriveGoal): Drive {
  const toGo = Math.min(10, start);
  if (goal === 'touchdown') {
    const far = snapOf('pass', 1, toGo, start, {
      airYards: start,
      complete: true,
      yards: start,
      touchdown: true,
      firstDown: true,
    });
    return { snaps: [far], end: 'Touchdown', start, next: undefined };
  }
  if (goal === 'nothing') {
    const caught = snapOf('pass', 1, toGo, start, { airYards: Math.min(12, start), turnover: 'interception' });
    return { snaps: [caught], end: 'Turnover', start, next: clamp(100 - start + 12) };
  }
  const near = Math.min(start, 25);
  const gain = snapOf('pass', 1, toGo, start, {
    airYards: start - near,
    complete: true,
    yards: start - near,
    firstDown: start - near >= toGo,
  });
  const down = gain.firstDown ? 1 : 2;
  return {
    snaps: [gain, snapOf('field-goal', down, Math.min(10, near), near, { good: true })],
    end: 'Field goal',
    start,
    next: undefined,
  };
}

/** Says of each snap what it was worth: the points expected after it less those before. */
function priced(drive: Drive): Drive {
  const { snaps, end, next } = drive;
  for (const one of snaps) one.points = expectedPoints(one.down, one.toGo, one.yardline);
  for (const [index, one] of snaps.entries()) {
    const following = snaps[index + 1];
    const after =
      following?.points ??
      (end === 'Touchdown'
        ? TOUCHDOWN_POINTS
        : end === 'Field goal'
          ? 3
          : next === undefined
            ? one.points
            : -firstDown(next));
    const [shift, stretch] = FITTED[one.kind] ?? [0, 1];
    one.added = (after - one.points + shift) * stretch;
  }
  return drive;
}

/** Makes up for what is too simple in the model: plays of a kind win nothing in the mean, and spread as real ones do. */
const FITTED: Readonly<Record<string, readonly [shift: number, stretch: number]>> = {
  pass: [-0.225, 1.17],
  sack: [-0.225, 1.17],
  run: [-0.06, 1.3],
  scramble: [-0.06, 1.3],
  penalty: [-0.15, 0.9],
  punt: [0.07, 1.1],
  'field-goal': [-0.15, 0.95],
};

const clamp = (yardline: number): number => Math.max(1, Math.min(99, yardline));
