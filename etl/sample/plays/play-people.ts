import type { Player } from '../people.ts';
import type { Random } from '../random.ts';
import type { People, PlayKind } from './play.ts';

/** The players of a squad who appear in plays, by what they do; the first of each do it most often. */
export type Lineup = Readonly<Record<string, readonly Player[]>>;
/** The offence and the defence of a drive. */
export type Lineups = { readonly offence: Lineup; readonly defence: Lineup };

export function lineupOf(squad: readonly Player[]): Lineup {
  const best = (depth: string, count: number) => squad.filter((player) => player.depth === depth).slice(0, count);
  return {
    passer: best('QB', 1),
    runner: best('RB', 3),
    receiver: [...best('WR', 4), ...best('TE', 2), ...best('RB', 1)],
    returner: best('WR', 5).slice(4),
    kicker: best('K', 1),
    punter: best('P', 1),
    back: [...best('CB', 3), ...best('S', 2)],
    tackler: ['ILB', 'OLB', 'S', 'CB', 'DE', 'DT'].flatMap((depth) => best(depth, 3)),
  };
}

/** The roles in a play, as the columns are named, and who fills them: `role,role:side.position`. */
const ROLES: Partial<Record<PlayKind, string>> = {
  kickoff: 'kicker:defence.kicker kickoff_returner:offence.returner',
  completion: 'passer:offence.passer receiver:offence.receiver tackle:defence.tackler',
  incompletion: 'passer:offence.passer receiver:offence.receiver',
  interception: 'passer:offence.passer receiver:offence.receiver interception,pass_defense_1:defence.back',
  sack: 'passer:offence.passer sack,qb_hit_1,solo_tackle_1:defence.tackler',
  scramble: 'rusher:offence.passer tackle:defence.tackler',
  run: 'rusher:offence.runner tackle:defence.tackler',
  kneel: 'rusher:offence.passer',
  spike: 'passer:offence.passer',
  punt: 'punter:offence.punter punt_returner:defence.returner',
  fieldGoal: 'kicker:offence.kicker',
  extraPoint: 'kicker:offence.kicker',
  twoPointTry: 'passer:offence.passer receiver:offence.receiver',
};

/** Who takes part in a play. */
export function peopleIn(kind: PlayKind, lineups: Lineups, yards: number, random: Random): People {
  const people: Record<string, Player | undefined> = {};
  for (const part of ROLES[kind]?.split(' ') ?? []) {
    const [roles = '', from = ''] = part.split(':');
    const [side, position = ''] = from.split('.');
    const player = pick(lineups[side === 'offence' ? 'offence' : 'defence'], position, random);
    for (const role of roles.split(',')) people[role] = player;
  }
  const { tackle, ...others } = people;
  if (tackle === undefined) return people;
  const helper = random.chance(0.28) ? pick(lineups.defence, 'tackler', random) : tackle;
  const tacklers = helper === tackle ? { solo_tackle_1: tackle } : { assist_tackle_1: tackle, assist_tackle_2: helper };
  return { ...others, ...tacklers, ...(kind === 'run' && yards < 0 ? { tackle_for_loss_1: tackle } : {}) };
}

export function pick(lineup: Lineup, position: string, random: Random): Player | undefined {
  const players = lineup[position] ?? [];
  return players[Math.min(players.length - 1, Math.floor(random.exponential(players.length * 0.45)))];
}
