-- Season $1: what was known about each team of a played game before its kickoff, or before its game day's noon (UTC) when
-- the schedule has no time (`games.as_of`). Only games of the same season that began earlier count, so that nothing of
-- the game itself, of its day or of later ones can leak in.
-- Means are pooled: all EPA of the games by all their plays. In `ewma` a game counts half of the one as many games
-- later as the half-life says. `:name` and `-- per window` are filled in by the program.
-- Exact sums (numeric) keep the result independent of the order of rows.
WITH played AS MATERIALIZED (
  SELECT g.game_id, g.season, g.week, g.gameday, g.as_of, side.team, side.opponent, side.is_home
  FROM games g
  CROSS JOIN LATERAL (VALUES (g.home_team, g.away_team, true), (g.away_team, g.home_team, false))
    AS side (team, opponent, is_home)
  WHERE g.season = $1 AND g.home_score IS NOT NULL AND g.away_score IS NOT NULL
), source AS MATERIALIZED (
  SELECT p.team, p.as_of, p.gameday, e.plays, e.epa_sum::numeric AS epa, e.epa_per_play::numeric AS per_play,
    e.def_plays, e.def_epa_sum::numeric AS def_epa, e.def_epa_per_play::numeric AS def_per_play
  FROM played p
  JOIN team_game_epa e ON e.game_id = p.game_id AND e.team = p.team
), earlier AS (
  SELECT p.game_id, p.team, s.*, row_number() OVER (PARTITION BY p.game_id, p.team ORDER BY s.as_of DESC) AS k
  FROM played p
  JOIN source s (source_team, as_of, gameday, plays, epa, per_play, def_plays, def_epa, def_per_play)
    ON s.source_team = p.team AND s.as_of < p.as_of
), form AS MATERIALIZED (
  SELECT game_id, team, count(*)::int AS games_played, max(as_of) AS max_source_kickoff,
    (sum(epa) FILTER (WHERE k <= :window) / sum(plays) FILTER (WHERE k <= :window))::float8 AS off_epa_l:window, -- per window
    (sum(epa) / sum(plays))::float8 AS off_epa_std,
    (sum(per_play * 0.5 ^ ((k - 1) / :half_life_games)) / sum(0.5 ^ ((k - 1) / :half_life_games)))::float8 AS off_epa_ewma,
    (sum(def_epa) FILTER (WHERE k <= :window) / sum(def_plays) FILTER (WHERE k <= :window))::float8 AS def_epa_l:window, -- per window
    (sum(def_epa) / sum(def_plays))::float8 AS def_epa_std,
    (sum(def_per_play * 0.5 ^ ((k - 1) / :half_life_games)) / sum(0.5 ^ ((k - 1) / :half_life_games)) FILTER (WHERE def_per_play IS NOT NULL))::float8
      AS def_epa_ewma
  FROM earlier
  GROUP BY game_id, team
), known AS MATERIALIZED (
  SELECT p.*, coalesce(f.games_played, 0) AS games_played,
    p.gameday - max(p.gameday) OVER (PARTITION BY p.team ORDER BY p.as_of ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
      AS rest_days,
    f.off_epa_l:window, f.def_epa_l:window, -- per window
    f.off_epa_std, f.off_epa_ewma, f.def_epa_std, f.def_epa_ewma, f.max_source_kickoff
  FROM played p
  LEFT JOIN form f ON f.game_id = p.game_id AND f.team = p.team
), last_odds AS MATERIALIZED (
  SELECT g.game_id, max(o.snapshot_ts) AS odds_ts
  FROM games g
  JOIN odds_history o ON o.game_id = g.game_id AND o.snapshot_ts <= g.as_of
  WHERE g.season = $1
  GROUP BY g.game_id
), line AS (
  SELECT l.game_id, l.odds_ts, side.team,
    (percentile_cont(0.5) WITHIN GROUP (ORDER BY o.point::float8)
      FILTER (WHERE o.market = 'spreads' AND o.outcome = side.name))::numeric AS spread,
    (percentile_cont(0.5) WITHIN GROUP (ORDER BY o.point::float8)
      FILTER (WHERE o.market = 'totals' AND o.outcome = 'Over'))::numeric AS total
  FROM last_odds l
  JOIN odds_history o ON o.game_id = l.game_id AND o.snapshot_ts = l.odds_ts
  CROSS JOIN LATERAL (VALUES (o.home_team, o.home_team_name), (o.away_team, o.away_team_name)) AS side (team, name)
  GROUP BY l.game_id, l.odds_ts, side.team
)
SELECT t.game_id, t.team, t.opponent, t.season, t.week, t.is_home, t.as_of, t.games_played, t.rest_days,
  t.off_epa_l:window, t.def_epa_l:window, -- per window
  t.off_epa_std, t.off_epa_ewma, t.def_epa_std, t.def_epa_ewma,
  o.games_played AS opp_games_played, o.rest_days AS opp_rest_days,
  o.off_epa_l:window AS opp_off_epa_l:window, o.def_epa_l:window AS opp_def_epa_l:window, -- per window
  o.off_epa_std AS opp_off_epa_std, o.off_epa_ewma AS opp_off_epa_ewma,
  o.def_epa_std AS opp_def_epa_std, o.def_epa_ewma AS opp_def_epa_ewma,
  line.spread, line.total, line.odds_ts, t.max_source_kickoff
FROM known t
JOIN known o ON o.game_id = t.game_id AND o.team = t.opponent
LEFT JOIN line ON line.game_id = t.game_id AND line.team = t.team
