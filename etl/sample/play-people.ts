import type { Player } from './people.ts';
import { otherSide, type People, type Play } from './play.ts';
import type { Cells, PlayRow } from './play-row.ts';

const passes = (play: Play): boolean => play.type === 'pass' || play.type === 'qb_spike';
const idOf = (player: Player | undefined): string => player?.id ?? '';
const nameOf = (player: Player | undefined): string => player?.short ?? '';

/** Two columns, `<role>_player_id` and `<role>_player_name`. */
function pair(role: string, who: (play: Play) => Player | undefined): Cells {
  return {
    [`${role}_player_id`]: ({ play }) => idOf(who(play)),
    [`${role}_player_name`]: ({ play }) => nameOf(who(play)),
  };
}

function defender(role: string, who: (people: People, play: Play) => Player | undefined): Cells {
  return {
    ...pair(role, (play) => who(play.people, play)),
    [`${role}_team`]: ({ play, code }: PlayRow) =>
      play.offence === undefined || who(play.people, play) === undefined ? '' : code[otherSide(play.offence)],
  };
}

/** Who has the ball in the end, for fantasy players. */
const carrier = ({ type, people }: Play): Player | undefined =>
  type === 'pass' ? people.receiver : type === 'run' ? people.rusher : undefined;
const main = ({ type, people }: Play): Player | undefined =>
  type === 'pass' ? people.passer : type === 'run' ? people.rusher : undefined;
const passer = (play: Play): Player | undefined => (passes(play) ? play.people.passer : undefined);
const scrambler = ({ snap, people }: Play): Player | undefined =>
  snap?.kind === 'scramble' ? people.rusher : undefined;
const runner = ({ snap, people }: Play): Player | undefined => (snap?.kind === 'run' ? people.rusher : undefined);
const receiver = ({ type, people }: Play): Player | undefined => (type === 'pass' ? people.receiver : undefined);

export const peopleCells: Cells = {
  ...pair('passer', passer),
  ...pair('receiver', receiver),
  ...pair('rusher', ({ type, people }) =>
    type === 'run' ? people.rusher : type === 'qb_kneel' ? people.passer : undefined,
  ),
  ...pair('td', (play) => (play.snap?.touchdown ? carrier(play) : undefined)),
  ...pair('interception', ({ people }) => people.interceptor),
  ...pair('punt_returner', ({ type, people }) => (type === 'punt' ? people.returner : undefined)),
  ...pair('kickoff_returner', ({ type, people }) => (type === 'kickoff' ? people.returner : undefined)),
  ...pair('punter', ({ people }) => people.punter),
  ...pair('kicker', ({ people }) => people.kicker),
  ...pair('tackle_for_loss_1', ({ type, yards, people }) => (type === 'run' && yards < 0 ? people.tackler : undefined)),
  ...pair('qb_hit_1', ({ snap, people }) => (snap?.kind === 'sack' ? people.tackler : undefined)),
  ...pair('sack', ({ snap, people }) => (snap?.kind === 'sack' ? people.tackler : undefined)),
  ...pair('pass_defense_1', ({ people }) => people.interceptor),
  ...pair('penalty', ({ people }) => people.fouling),
  ...defender('solo_tackle_1', ({ tackler, helper }) => (helper === undefined ? tackler : undefined)),
  ...defender('assist_tackle_1', ({ tackler, helper }) => (helper === undefined ? undefined : tackler)),
  ...defender('assist_tackle_2', ({ helper }) => helper),
  passing_yards: ({ play }) => (play.snap?.complete ? play.yards : ''),
  receiving_yards: ({ play }) => (play.snap?.complete ? play.yards : ''),
  rushing_yards: ({ play }) => (play.type === 'run' ? play.yards : ''),
  passer: ({ play }) => nameOf(passer(play) ?? scrambler(play)),
  passer_jersey_number: ({ play }) => (passer(play) ?? scrambler(play))?.jersey ?? '',
  passer_id: ({ play }) => idOf(passer(play) ?? scrambler(play)),
  rusher: ({ play }) => nameOf(runner(play)),
  rusher_jersey_number: ({ play }) => runner(play)?.jersey ?? '',
  rusher_id: ({ play }) => idOf(runner(play)),
  receiver: ({ play }) => nameOf(receiver(play)),
  receiver_jersey_number: ({ play }) => receiver(play)?.jersey ?? '',
  receiver_id: ({ play }) => idOf(receiver(play)),
  name: ({ play }) => nameOf(main(play)),
  jersey_number: ({ play }) => main(play)?.jersey ?? '',
  id: ({ play }) => idOf(main(play)),
  fantasy_player_name: ({ play }) => nameOf(carrier(play)),
  fantasy_player_id: ({ play }) => idOf(carrier(play)),
  fantasy: ({ play }) => nameOf(carrier(play)),
  fantasy_id: ({ play }) => idOf(carrier(play)),
};
