-- The plays of season $1, each with one class: the first that fits. Flags are as in the file.
SELECT game_id, play_id, season,
  CASE
    WHEN play_type IS NULL THEN 'admin'
    WHEN play_type = 'no_play' THEN 'no_play'
    WHEN play_type IN ('kickoff', 'punt', 'field_goal', 'extra_point') THEN 'special_teams'
    WHEN play_type = 'qb_kneel' THEN 'kneel'
    WHEN play_type = 'qb_spike' THEN 'spike'
    WHEN qb_scramble THEN 'scramble'
    WHEN sack THEN 'sack'
    WHEN play_type = 'pass' OR pass THEN 'dropback_pass'
    WHEN play_type = 'run' OR rush THEN 'designed_run'
    ELSE 'other'
  END AS class,
  coalesce(pass OR rush, false) AND epa IS NOT NULL AND posteam IS NOT NULL AS is_scrimmage,
  coalesce(pass, false) AS is_dropback,
  coalesce(down IN (1, 2), false) AS early_down,
  coalesce(pass AND yards_gained >= :explosive_pass_yards OR rush AND yards_gained >= :explosive_rush_yards, false) AS explosive
FROM plays
WHERE season = $1
