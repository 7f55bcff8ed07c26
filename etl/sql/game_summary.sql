-- One row per game by construction, whatever else is missing. The unique index is what lets it be refreshed while
-- others read it.
CREATE SCHEMA IF NOT EXISTS mart;
CREATE MATERIALIZED VIEW IF NOT EXISTS mart.game_summary AS
SELECT g.game_id, g.season, g.week, g.game_type, g.kickoff, g.home_team, g.away_team, g.home_score, g.away_score,
  h.epa_per_play AS home_off_epa, a.epa_per_play AS away_off_epa, g.spread_line, g.total_line,
  w.temp_c, w.wind_kph, w.indoor
FROM games g
LEFT JOIN team_game_epa h ON h.game_id = g.game_id AND h.team = g.home_team
LEFT JOIN team_game_epa a ON a.game_id = g.game_id AND a.team = g.away_team
LEFT JOIN weather w ON w.game_id = g.game_id
WITH NO DATA;
CREATE UNIQUE INDEX IF NOT EXISTS game_summary_game_id ON mart.game_summary (game_id);
