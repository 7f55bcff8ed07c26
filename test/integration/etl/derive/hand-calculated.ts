/** The definitions once more, in another language than the pipeline's and row by row, to compare with. */

type PlayRow = {
  readonly game_id: string;
  readonly posteam: string | null;
  readonly defteam: string | null;
  readonly epa: number | null;
  readonly pass: boolean | null;
  readonly rush: boolean | null;
  readonly down: number | null;
  readonly yards_gained: number | null;
};

type GameRow = {
  readonly game_id: string;
  readonly day: string;
  readonly kickoff: Date;
  readonly home_team: string;
  readonly away_team: string;
};

type EpaRow = {
  readonly game_id: string;
  readonly team: string;
  readonly plays: number;
  readonly epa_sum: number;
  readonly def_plays: number;
  readonly def_epa_sum: number;
};

export type Feature = {
  readonly game_id: string;
  readonly team: string;
  readonly opponent: string;
  readonly as_of: Date;
  readonly games_played: number;
  readonly rest_days: number | null;
  readonly odds_ts: Date | null;
  readonly spread: string | null;
  readonly total: string | null;
} & Readonly<Record<`${'off' | 'def'}_epa_${'l3' | 'l5' | 'std' | 'ewma'}`, number | null>>;

const byGameAndTeam = (a: { game_id: string; team: string }, b: { game_id: string; team: string }) =>
  `${a.game_id} ${a.team}` < `${b.game_id} ${b.team}` ? -1 : 1;
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** One row per game and team. */
export function teamGamesByHand(plays: readonly PlayRow[]) {
  const scrimmage = plays.filter(
    ({ pass, rush, epa, posteam }) => (pass === true || rush === true) && epa !== null && posteam !== null,
  );
  const keys = new Map(
    scrimmage.map(({ game_id, posteam }) => [`${game_id} ${posteam}`, { game_id, team: posteam ?? '' }]),
  );
  return [...keys.values()].sort(byGameAndTeam).map(({ game_id, team }) => {
    const own = scrimmage.filter((play) => play.game_id === game_id && play.posteam === team);
    const against = scrimmage.filter((play) => play.game_id === game_id && play.defteam === team);
    const { plays: count, epa_sum, success_rate, explosive_plays, ...rest } = summary(own);
    const other = summary(against);
    return {
      game_id,
      team,
      opponent: own[0]?.defteam,
      plays: count,
      epa_sum,
      success_rate,
      explosive_plays,
      ...rest,
      def_plays: other.plays,
      def_epa_sum: other.epa_sum,
      def_epa_per_play: other.epa_per_play,
      def_success_rate: other.success_rate,
      def_explosive_plays: other.explosive_plays,
      def_early_down_epa: other.early_down_epa,
    };
  });
}

function summary(plays: readonly PlayRow[]) {
  const epa = (of: readonly PlayRow[]) => total(of.map((play) => play.epa ?? 0));
  const passes = plays.filter((play) => play.pass === true);
  const rushes = plays.filter((play) => play.rush === true);
  const early = plays.filter(({ down }) => down === 1 || down === 2);
  const explosive = plays.filter(
    ({ pass, rush, yards_gained }) =>
      (pass === true && (yards_gained ?? 0) >= 20) || (rush === true && (yards_gained ?? 0) >= 10),
  );
  return {
    plays: plays.length,
    epa_sum: epa(plays),
    epa_per_play: epa(plays) / plays.length,
    success_rate: plays.filter((play) => (play.epa ?? 0) > 0).length / plays.length,
    pass_plays: passes.length,
    pass_epa: epa(passes),
    rush_plays: rushes.length,
    rush_epa: epa(rushes),
    explosive_plays: explosive.length,
    early_down_plays: early.length,
    early_down_epa: epa(early),
  };
}

/** The features of one season's games, team by team. */
export function featuresByHand(games: readonly GameRow[], epa: readonly EpaRow[]) {
  const rows = games.flatMap((game) =>
    (
      [
        [game.home_team, game.away_team],
        [game.away_team, game.home_team],
      ] as const
    ).map(([team, opponent]) => {
      const earlier = games
        .filter((other) => other.home_team === team || other.away_team === team)
        .filter((other) => other.kickoff.getTime() < game.kickoff.getTime())
        .sort((a, b) => b.kickoff.getTime() - a.kickoff.getTime());
      const known = earlier.map(
        (other) => epa.find((row) => row.game_id === other.game_id && row.team === team) as EpaRow,
      );
      const offence = known.map((row) => ({ epa: row.epa_sum, plays: row.plays }));
      const defence = known.map((row) => ({ epa: row.def_epa_sum, plays: row.def_plays }));
      const days = (day: string) => Date.parse(day) / 86_400_000;
      const [last] = earlier;
      return {
        game_id: game.game_id,
        team,
        opponent,
        as_of: game.kickoff,
        games_played: earlier.length,
        rest_days: last === undefined ? null : days(game.day) - days(last.day),
        max_source_kickoff: last?.kickoff ?? null,
        off_epa_l3: pooled(offence.slice(0, 3)),
        off_epa_l5: pooled(offence.slice(0, 5)),
        off_epa_std: pooled(offence),
        off_epa_ewma: exponentialMean(offence),
        def_epa_l3: pooled(defence.slice(0, 3)),
        def_epa_l5: pooled(defence.slice(0, 5)),
        def_epa_std: pooled(defence),
        def_epa_ewma: exponentialMean(defence),
      };
    }),
  );
  return rows.sort(byGameAndTeam);
}

type Sum = { readonly epa: number; readonly plays: number };

function pooled(games: readonly Sum[]): number | null {
  return games.length === 0 ? null : total(games.map((game) => game.epa)) / total(games.map((game) => game.plays));
}

function exponentialMean(games: readonly Sum[]): number | null {
  if (games.length === 0) return null;
  const weights = games.map((_, index) => 0.5 ** (index / 4));
  return total(games.map((game, index) => (weights[index] ?? 0) * (game.epa / game.plays))) / total(weights);
}
