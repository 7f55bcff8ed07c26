import { firstDown } from './expected-points.ts';
import type { Player } from './people.ts';
import { type DriveFacts, otherSide, type People, type Play, type PlayType, type Squads } from './play.ts';
import type { Random } from './random.ts';
import type { Snap } from './snap.ts';

/** Writes the plays of one drive down: who threw, who caught, who tackled, and what it was worth. */
export function callPlay(drive: DriveFacts, squads: Squads, random: Random) {
  const { side } = drive;
  const offence = rolesOf(squads[side]);
  const defence = rolesOf(squads[otherSide(side)]);
  const tacklers = (): People => {
    const tackler = random.pick(defence.tacklers);
    const helper = random.chance(0.28) ? random.pick(defence.tacklers) : undefined;
    return { tackler, helper: helper === tackler ? undefined : helper };
  };

  const peopleOf = (snap: Snap): People => {
    const during = snap.foul === undefined ? snap.kind : snap.foul.during;
    if (snap.kind === 'penalty') return { fouling: random.pick(squads[snap.foul?.byOffence ? side : otherSide(side)]) };
    if (during === 'punt') return { punter: offence.punter, returner: defence.receivers[3] };
    if (during === 'field-goal') return { kicker: offence.kicker };
    if (during === 'run') return { rusher: pickFirst(offence.runners, random), ...tacklers() };
    if (during === 'scramble') return { rusher: offence.passer, ...tacklers() };
    if (during === 'sack') return { passer: offence.passer, ...tacklers() };
    if (during !== 'pass') return { passer: offence.passer };
    const receiver = pickFirst(offence.receivers, random);
    if (snap.turnover !== undefined) {
      return { passer: offence.passer, receiver, interceptor: random.pick(defence.backs) };
    }
    return { passer: offence.passer, receiver, ...(snap.complete ? tacklers() : {}) };
  };

  return {
    kickoff: (): Play => {
      const yards = drive.drive.start;
      const people = { kicker: defence.kicker, returner: offence.receivers[3] };
      const ep = 0.9;
      const epa = (firstDown(yards) - ep + 0.25) * 1.3;
      return blankPlay(drive, {
        type: 'kickoff',
        word: 'KICK_OFF',
        offence: side,
        yardline: 35,
        people,
        ep,
        epa,
        lasts: 4,
        kick: 65,
      });
    },
    snap: (snap: Snap): Play => {
      if (snap.firstDown) drive.series++;
      const [type, word, lasts] = KINDS[snap.kind];
      const intercepted = snap.turnover === 'interception';
      const scores = snap.touchdown || snap.good;
      return blankPlay(drive, {
        type,
        word: intercepted ? 'INTERCEPTION' : word,
        offence: side,
        down: snap.down,
        toGo: snap.toGo,
        yardline: snap.yardline,
        yards: snap.yards,
        snap,
        people: peopleOf(snap),
        points: snap.touchdown ? 6 : snap.good ? 3 : 0,
        scorer: scores ? side : undefined,
        ep: snap.points,
        epa: snap.kind === 'kneel' ? -0.67 + random.normal(0, 0.4) : snap.added,
        lasts: snap.kind === 'pass' && !snap.complete ? 7 : lasts,
        kick:
          snap.kind === 'punt'
            ? snap.yardline - 100 + (drive.drive.next ?? 80)
            : snap.kind === 'field-goal'
              ? snap.yardline + 18
              : 0,
      });
    },
    tryAfter: (after: 'kick' | 'missed-kick' | 'two' | 'failed-two'): Play => {
      const base = { offence: side, scorer: side, lasts: 0 } as const;
      if (after === 'kick' || after === 'missed-kick') {
        const good = after === 'kick';
        const kicked = {
          ep: 0.94,
          epa: good ? 0.0675730034708977 : -0.932426996529102,
          points: good ? 1 : 0,
          kick: 33,
        };
        const people = { kicker: offence.kicker };
        return blankPlay(drive, { ...base, ...kicked, type: 'extra_point', word: 'XP_KICK', yardline: 15, people });
      }
      const good = after === 'two';
      const people = { passer: offence.passer, receiver: offence.receivers[0] };
      const tried = { ep: 0.95, epa: good ? 1.05 : -0.95, points: good ? 2 : 0, isTry: true };
      return blankPlay(drive, { ...base, ...tried, type: 'pass', word: 'PAT2', yardline: 2, toGo: 2, people });
    },
  };
}

/** A play of which only what is given is to be said. */
export function blankPlay(drive: DriveFacts, given: Partial<Play> & Pick<Play, 'type' | 'word'>): Play {
  return {
    offence: undefined,
    down: 0,
    toGo: 0,
    yardline: undefined,
    yards: 0,
    snap: undefined,
    people: {},
    drive,
    points: 0,
    scorer: undefined,
    ep: 0,
    epa: undefined,
    isTry: false,
    lasts: 0,
    kick: 0,
    text: '',
    id: 0,
    sequence: 0,
    quarter: 1,
    left: 3600,
    clock: 900,
    before: NOTHING,
    after: NOTHING,
    timeouts: NOTHING,
    homeWp: 0.5,
    homeWpAfter: 0.5,
    ...given,
  };
}

const NOTHING = { home: 0, away: 0 };

const KINDS: Readonly<Record<Snap['kind'], readonly [PlayType, word: string, lasts: number]>> = {
  pass: ['pass', 'PASS', 34],
  run: ['run', 'RUSH', 37],
  scramble: ['run', 'RUSH', 35],
  sack: ['pass', 'SACK', 36],
  penalty: ['no_play', 'PENALTY', 2],
  punt: ['punt', 'PUNT', 9],
  'field-goal': ['field_goal', 'FIELD_GOAL', 5],
  kneel: ['qb_kneel', 'RUSH', 40],
  spike: ['qb_spike', 'PASS', 2],
};

type Roles = {
  readonly passer: Player | undefined;
  readonly runners: readonly Player[];
  readonly receivers: readonly Player[];
  readonly kicker: Player | undefined;
  readonly punter: Player | undefined;
  readonly backs: readonly Player[];
  readonly tacklers: readonly Player[];
};

const known = new WeakMap<readonly Player[], Roles>();

function rolesOf(squad: readonly Player[]): Roles {
  const cached = known.get(squad);
  if (cached !== undefined) return cached;
  const at = (depth: string, count: number) => squad.filter((player) => player.depth === depth).slice(0, count);
  const roles = {
    passer: at('QB', 1)[0],
    runners: at('RB', 3),
    receivers: [...at('WR', 4), ...at('TE', 2), ...at('RB', 1)],
    kicker: at('K', 1)[0],
    punter: at('P', 1)[0],
    backs: [...at('CB', 3), ...at('S', 2)],
    tacklers: [...at('ILB', 3), ...at('OLB', 2), ...at('S', 2), ...at('CB', 3), ...at('DE', 3), ...at('DT', 2)],
  };
  known.set(squad, roles);
  return roles;
}

/** The first in a row most often, the later ones ever less. */
function pickFirst(players: readonly Player[], random: Random): Player | undefined {
  return players[Math.min(players.length - 1, Math.floor(-players.length * 0.45 * Math.log(1 - random.next())))];
}
