import { isMarker, type Play } from './play.ts';

/** Columns of 0 and 1; empty in rows that are no play. Some are 1 for no kind of play here. */
const FLAGS = new Set(
  `qb_dropback timeout first_down_rush first_down_pass first_down_penalty third_down_converted third_down_failed
  fourth_down_converted fourth_down_failed incomplete_pass interception punt_blocked punt_inside_twenty punt_in_endzone
  punt_out_of_bounds punt_downed punt_fair_catch kickoff_inside_twenty kickoff_in_endzone kickoff_out_of_bounds
  kickoff_downed kickoff_fair_catch fumble_forced fumble_not_forced fumble_out_of_bounds safety penalty fumble_lost
  own_kickoff_recovery own_kickoff_recovery_td qb_hit rush_attempt pass_attempt sack touchdown pass_touchdown
  rush_touchdown return_touchdown extra_point_attempt two_point_attempt field_goal_attempt kickoff_attempt punt_attempt
  fumble complete_pass lateral_reception lateral_rush lateral_return lateral_recovery tackle_with_assist
  defensive_two_point_attempt defensive_two_point_conv defensive_extra_point_attempt defensive_extra_point_conv
  first_down solo_tackle assist_tackle tackled_for_loss`.split(/\s+/),
);

/** Columns of 0 and 1 that are never empty. */
const FLAGS_OF_ALL_ROWS = new Set(
  `quarter_end shotgun qb_kneel qb_spike qb_scramble touchback replay_or_challenge play_clock play_deleted
  special_teams_play aborted_play pass rush special play out_of_bounds sp goal_to_go`.split(/\s+/),
);

export const isFlagColumn = (column: string): boolean => FLAGS.has(column) || FLAGS_OF_ALL_ROWS.has(column);

/** The cells of flag columns that stand side by side; computed once for each set of flags. */
export function flagCells(columns: readonly string[]): (play: Play) => string {
  const known = new Map<ReadonlySet<string>, string>();
  return (play) => {
    const cells = () =>
      columns.map((column) => (isMarker(play) && FLAGS.has(column) ? '' : play.flags.has(column) ? '1' : '0'));
    const text = known.get(play.flags) ?? cells().join(',');
    known.set(play.flags, text);
    return text;
  };
}
