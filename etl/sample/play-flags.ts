import type { Play } from './play.ts';
import type { Cells, PlayRow } from './play-row.ts';

/** Empty where the row is no play. */
const flag =
  (test: (play: Play, row: PlayRow) => boolean | undefined) =>
  (row: PlayRow): string =>
    row.play.type === '' ? '' : test(row.play, row) ? '1' : '0';

/** In every row, also of what is no play. */
const always =
  (test: (play: Play) => boolean | undefined) =>
  ({ play }: PlayRow): string =>
    test(play) ? '1' : '0';

const isDropback = (play: Play): boolean =>
  play.type === 'pass' || play.snap?.kind === 'scramble' || play.snap?.foul?.during === 'pass';
const isDesignedRun = (play: Play): boolean =>
  (play.type === 'run' && play.snap?.kind !== 'scramble') || play.snap?.foul?.during === 'run';
const isSpecial = ({ type }: Play): boolean =>
  type === 'extra_point' || type === 'field_goal' || type === 'kickoff' || type === 'punt';
const byRun = (play: Play): boolean => play.type === 'run' && play.snap?.firstDown === true;
const byPass = (play: Play): boolean => play.type === 'pass' && play.snap?.firstDown === true;
const byFoul = (play: Play): boolean => play.type === 'no_play' && play.snap?.firstDown === true;
const onDown = (down: number, converted: boolean) =>
  flag(
    ({ snap, type, down: at }) => at === down && (type === 'pass' || type === 'run') && snap?.firstDown === converted,
  );

export const flagCells: Cells = {
  shotgun: always((play) => play.type === 'pass' || play.snap?.kind === 'scramble'),
  no_huddle: always((play) => play.snap !== undefined && play.id % 9 === 0),
  qb_dropback: flag((play) => play.type === 'pass' || play.snap?.kind === 'scramble'),
  qb_kneel: always((play) => play.type === 'qb_kneel'),
  qb_spike: always((play) => play.type === 'qb_spike'),
  qb_scramble: always((play) => play.snap?.kind === 'scramble'),
  timeout: flag((play) => play.word === 'TIMEOUT'),
  first_down_rush: flag(byRun),
  first_down_pass: flag(byPass),
  first_down_penalty: flag(byFoul),
  first_down: flag((play) => byRun(play) || byPass(play) || byFoul(play)),
  third_down_converted: onDown(3, true),
  third_down_failed: onDown(3, false),
  fourth_down_converted: onDown(4, true),
  fourth_down_failed: onDown(4, false),
  incomplete_pass: flag((play, { thrown }) => thrown && !play.snap?.complete && play.snap?.turnover === undefined),
  touchback: always(
    (play) => play.type === 'kickoff' && play.drive.drive.start >= 70 && play.drive.drive.start % 5 === 0,
  ),
  interception: flag((play) => play.snap?.turnover === 'interception'),
  kickoff_in_endzone: flag((play) => play.type === 'kickoff' && play.drive.drive.start === 75),
  punt_fair_catch: flag((play) => play.type === 'punt'),
  fumble_forced: flag((play) => play.snap?.turnover === 'fumble'),
  fumble_lost: flag((play) => play.snap?.turnover === 'fumble'),
  fumble: flag((play) => play.snap?.turnover === 'fumble'),
  solo_tackle: flag((play) => play.people.tackler !== undefined && play.people.helper === undefined),
  assist_tackle: flag((play) => play.people.helper !== undefined),
  penalty: flag((play) => play.snap?.foul !== undefined),
  tackled_for_loss: flag((play) => play.type === 'run' && play.yards < 0),
  qb_hit: flag((play) => play.snap?.kind === 'sack'),
  rush_attempt: flag((play) => play.type === 'run' || play.type === 'qb_kneel'),
  pass_attempt: flag((play) => play.type === 'pass' || play.type === 'qb_spike'),
  sack: flag((play) => play.snap?.kind === 'sack'),
  touchdown: flag((play) => play.snap?.touchdown),
  pass_touchdown: flag((play) => play.type === 'pass' && play.snap?.touchdown),
  rush_touchdown: flag((play) => play.type === 'run' && play.snap?.touchdown),
  extra_point_attempt: flag((play) => play.type === 'extra_point'),
  two_point_attempt: flag((play) => play.isTry),
  field_goal_attempt: flag((play) => play.type === 'field_goal'),
  kickoff_attempt: flag((play) => play.type === 'kickoff'),
  punt_attempt: flag((play) => play.type === 'punt'),
  complete_pass: flag((play) => play.snap?.complete || (play.isTry && play.points > 0)),
  special_teams_play: always(isSpecial),
  pass: always(isDropback),
  rush: always(isDesignedRun),
  special: always(isSpecial),
  play: always(
    (play) => play.epa !== undefined && play.offence !== undefined && (isDropback(play) || isDesignedRun(play)),
  ),
  success: ({ play }) => (play.epa === undefined ? '' : play.epa > 0 ? '1' : '0'),
  ...never(
    'punt_blocked punt_inside_twenty punt_in_endzone punt_out_of_bounds punt_downed kickoff_inside_twenty kickoff_out_of_bounds kickoff_downed kickoff_fair_catch fumble_not_forced fumble_out_of_bounds safety own_kickoff_recovery own_kickoff_recovery_td return_touchdown lateral_reception lateral_rush lateral_return lateral_recovery tackle_with_assist defensive_two_point_attempt defensive_two_point_conv defensive_extra_point_attempt defensive_extra_point_conv',
  ),
  ...Object.fromEntries(
    ['replay_or_challenge', 'play_clock', 'play_deleted', 'aborted_play', 'out_of_bounds'].map((name) => [
      name,
      () => '0',
    ]),
  ),
};

/** What does not happen in this league, and so is 0 in every play. */
function never(names: string): Cells {
  return Object.fromEntries(names.split(' ').map((name) => [name, flag(() => false)]));
}
