-- Season $1: one row per game and team with its offence, and the same plays seen from the other side as its defence.
-- Plays of a game that the schedule lacks are left out. Sums are made in numeric, which is exact: the result does not
-- depend on the order in which rows lie in the table.
WITH scrimmage AS (
  SELECT p.game_id, p.posteam, p.defteam, p.epa, p.epa::numeric AS exact, p.epa > 0 AS success,
    coalesce(p.pass, false) AS pass, coalesce(p.rush, false) AS rush, coalesce(p.down IN (1, 2), false) AS early_down,
    coalesce(p.pass AND p.yards_gained >= :explosive_pass_yards OR p.rush AND p.yards_gained >= :explosive_rush_yards, false) AS explosive
  FROM plays p
  WHERE p.season = $1 AND (p.pass OR p.rush) AND p.epa IS NOT NULL AND p.posteam IS NOT NULL
), sides AS (
  SELECT game_id, posteam AS team, true AS offence, exact, success, pass, rush, early_down, explosive FROM scrimmage
  UNION ALL
  SELECT game_id, defteam, false, exact, success, pass, rush, early_down, explosive FROM scrimmage
  WHERE defteam IS NOT NULL
), sums AS (
  SELECT game_id, team, offence, count(*)::int AS plays, sum(exact) AS epa, count(*) FILTER (WHERE success) AS successes,
    (count(*) FILTER (WHERE pass))::int AS pass_plays, sum(exact) FILTER (WHERE pass) AS pass_epa,
    (count(*) FILTER (WHERE rush))::int AS rush_plays, sum(exact) FILTER (WHERE rush) AS rush_epa,
    (count(*) FILTER (WHERE explosive))::int AS explosive_plays,
    (count(*) FILTER (WHERE early_down))::int AS early_down_plays, sum(exact) FILTER (WHERE early_down) AS early_down_epa
  FROM sides
  GROUP BY game_id, team, offence
)
SELECT g.game_id, o.team, CASE o.team WHEN g.home_team THEN g.away_team ELSE g.home_team END AS opponent, g.season, g.week,
  o.plays, o.epa::float8 AS epa_sum, (o.epa / o.plays)::float8 AS epa_per_play,
  o.successes::float8 / o.plays AS success_rate,
  o.pass_plays, o.pass_epa::float8 AS pass_epa, o.rush_plays, o.rush_epa::float8 AS rush_epa,
  o.explosive_plays, o.explosive_plays::float8 / o.plays AS explosive_rate,
  o.early_down_plays, o.early_down_epa::float8 AS early_down_epa,
  d.plays AS def_plays, d.epa::float8 AS def_epa_sum, (d.epa / d.plays)::float8 AS def_epa_per_play,
  d.successes::float8 / d.plays AS def_success_rate,
  d.pass_plays AS def_pass_plays, d.pass_epa::float8 AS def_pass_epa,
  d.rush_plays AS def_rush_plays, d.rush_epa::float8 AS def_rush_epa,
  d.explosive_plays AS def_explosive_plays, d.explosive_plays::float8 / d.plays AS def_explosive_rate,
  d.early_down_plays AS def_early_down_plays, d.early_down_epa::float8 AS def_early_down_epa
FROM sums o
JOIN games g ON g.game_id = o.game_id
LEFT JOIN sums d ON d.game_id = o.game_id AND d.team = o.team AND NOT d.offence
WHERE o.offence
