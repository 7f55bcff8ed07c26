import type { Play } from './play.ts';
import { type Cells, numberText, type PlayRow, TALLIES } from './play-row.ts';

const number =
  (of: (play: Play, row: PlayRow) => number | undefined) =>
  (row: PlayRow): string => {
    const value = of(row.play, row);
    return value === undefined ? '' : numberText(value);
  };

/** Chances of what the next points will be, which together make the points expected. */
const chance =
  (share: (ep: number, play: Play) => number) =>
  ({ play }: PlayRow): string =>
    play.snap === undefined ? '0' : numberText(Math.max(0.001, share(play.ep, play)));

const airShare = (play: Play): number => (play.snap === undefined ? 0 : 0.35 + (play.id % 31) / 100);
const airEpa = (play: Play): number => (play.epa ?? 0) * airShare(play);
const wpa = ({ homeWp, homeWpAfter, offence }: Play): number => (homeWpAfter - homeWp) * (offence === 'away' ? -1 : 1);
const thrown = (of: (play: Play) => number) => number((play, row) => (row.thrown ? of(play) : undefined));
const caught = (of: (play: Play) => number) => (row: PlayRow) =>
  row.play.type === '' ? '' : row.play.snap?.complete ? numberText(of(row.play)) : '0';
const completion = ({ snap, id }: Play): number => 0.85 - 0.012 * Math.max(0, snap?.airYards ?? 0) - (id % 13) / 100;
const passExpected = ({ down, toGo, id }: Play): number =>
  Math.min(0.98, Math.max(0.05, 0.4 + (down - 1) * 0.12 + (toGo - 8) * 0.025 + (id % 17) / 100));
const isPass = (play: Play): boolean => play.type === 'pass' || play.snap?.kind === 'scramble';

export const modelCells: Cells = {
  no_score_prob: chance((_, play) => 0.02 + 0.3 * (1 - play.left / 3600) ** 4),
  opp_fg_prob: chance((ep) => 0.12 - ep * 0.017),
  opp_safety_prob: chance((ep) => 0.003 - ep * 0.0004),
  opp_td_prob: chance((ep) => 0.23 - ep * 0.034),
  fg_prob: chance((ep) => 0.2 + ep * 0.015),
  safety_prob: chance((ep) => 0.003 + ep * 0.0003),
  td_prob: chance((ep) => 0.24 + ep * 0.07),
  extra_point_prob: ({ play }) => (play.type === 'extra_point' ? '0.940000000000001' : '0'),
  two_point_conversion_prob: ({ play }) => (play.isTry ? '0.47350001335144' : '0'),
  ep: number((play) => play.ep),
  epa: ({ epa }) => epa,
  qb_epa: ({ epa }) => epa,
  air_epa: thrown(airEpa),
  yac_epa: thrown((play) => (play.epa ?? 0) - airEpa(play)),
  comp_air_epa: caught(airEpa),
  comp_yac_epa: caught((play) => (play.epa ?? 0) - airEpa(play)),
  wp: ({ play, homeWp, awayWp }) => (play.word === 'END_GAME' ? '' : play.offence === 'away' ? awayWp : homeWp),
  def_wp: ({ play, homeWp, awayWp }) => (play.word === 'END_GAME' ? '' : play.offence === 'away' ? homeWp : awayWp),
  home_wp: ({ homeWp }) => homeWp,
  away_wp: ({ awayWp }) => awayWp,
  wpa: number((play) => (play.epa === undefined ? undefined : wpa(play))),
  vegas_wpa: number((play) => (play.epa === undefined ? undefined : wpa(play) * 0.93)),
  vegas_home_wpa: number((play) => (play.epa === undefined ? undefined : (play.homeWpAfter - play.homeWp) * 0.93)),
  home_wp_post: number((play) => (play.snap === undefined ? undefined : play.homeWpAfter)),
  away_wp_post: number((play) => (play.snap === undefined ? undefined : 1 - play.homeWpAfter)),
  vegas_wp: ({ play, homeWp, awayWp }) => (play.offence === 'away' ? awayWp : homeWp),
  vegas_home_wp: ({ homeWp }) => homeWp,
  air_wpa: thrown((play) => wpa(play) * airShare(play)),
  yac_wpa: thrown((play) => wpa(play) * (1 - airShare(play))),
  comp_air_wpa: caught((play) => wpa(play) * airShare(play)),
  comp_yac_wpa: caught((play) => wpa(play) * (1 - airShare(play))),
  cp: thrown(completion),
  cpoe: thrown((play) => ((play.snap?.complete ? 1 : 0) - completion(play)) * 100),
  xyac_epa: thrown((play) => 0.9 - completion(play) / 2),
  xyac_mean_yardage: thrown((play) => 3 + (play.id % 29) / 7),
  xyac_median_yardage: ({ play, thrown }) => (thrown ? 1 + (play.id % 6) : ''),
  xyac_success: thrown(completion),
  xyac_fd: thrown((play) => completion(play) * 0.7),
  xpass: number((play) => (play.snap === undefined || play.down === 0 ? undefined : passExpected(play))),
  pass_oe: number((play) =>
    play.snap === undefined || play.down === 0 ? undefined : ((isPass(play) ? 1 : 0) - passExpected(play)) * 100,
  ),
  ...Object.fromEntries(
    TALLIES.flatMap((name) => [
      [`total_home_${name}`, ({ tallies }: PlayRow) => tallies[name].home],
      [`total_away_${name}`, ({ tallies }: PlayRow) => tallies[name].away],
    ]),
  ),
};

/** What a play adds to the running sums of its game, from the home team's side. */
export function tallied(row: PlayRow, add: (name: (typeof TALLIES)[number], value: number) => void): void {
  const { play } = row;
  if (play.epa === undefined || play.offence === undefined) return;
  const sign = play.offence === 'home' ? 1 : -1;
  const epa = play.epa * sign;
  const won = play.homeWpAfter - play.homeWp;
  add('epa', epa);
  if (play.type === 'run') {
    add('rush_epa', epa);
    add('rush_wpa', won);
  } else if (play.type === 'pass') {
    const share = airShare(play);
    add('pass_epa', epa);
    add('pass_wpa', won);
    add('raw_air_epa', epa * share);
    add('raw_yac_epa', epa * (1 - share));
    add('raw_air_wpa', won * share);
    add('raw_yac_wpa', won * (1 - share));
    if (!play.snap?.complete) return;
    add('comp_air_epa', epa * share);
    add('comp_yac_epa', epa * (1 - share));
    add('comp_air_wpa', won * share);
    add('comp_yac_wpa', won * (1 - share));
  }
}
