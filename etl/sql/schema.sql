-- The tables of the NFL pipeline. Run under a lock by whichever task comes first; every statement may run again.

-- Which version of these statements the database has.
CREATE TABLE IF NOT EXISTS etl_schema (version text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());

-- What each part of a table was made from, so that nothing is loaded twice. `contents` tells whether somebody has
-- changed the rows since.
CREATE TABLE IF NOT EXISTS etl_loads (
  part text PRIMARY KEY,
  inputs text NOT NULL,
  contents text NOT NULL,
  loaded_at timestamptz NOT NULL DEFAULT now()
);

-- What of the file that a part was loaded from could not be taken as it is: `sharedKeys` are lines that were dropped
-- because a later, different line has the same key, `droppedCells` are values that are not finite and became NULL.
CREATE TABLE IF NOT EXISTS etl_findings (
  part text NOT NULL,
  finding text NOT NULL,
  occurrences int NOT NULL,
  example text NOT NULL,
  PRIMARY KEY (part, finding)
);

-- One row: whether the tables hold generated sample data or real data.
CREATE TABLE IF NOT EXISTS etl_source (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  kind text NOT NULL CHECK (kind IN ('sample', 'live'))
);

-- The schedule, one row per game. Team codes are today's (OAK is LV); the file's own stand beside them.
-- `kickoff` is NULL when the schedule has no time. `loaded_at` is when the source last confirmed the row, to the hour.
-- `as_of` is the moment until which something counts as known before the game: the kickoff, or 12:00 UTC of the game
-- day when the schedule has no time, which is earlier than any game begins.
CREATE TABLE IF NOT EXISTS games (
  game_id text PRIMARY KEY,
  season int NOT NULL,
  game_type text NOT NULL,
  week int NOT NULL,
  gameday date NOT NULL,
  gametime time,
  kickoff timestamptz,
  home_team text NOT NULL,
  away_team text NOT NULL,
  home_score int,
  away_score int,
  location text,
  neutral boolean NOT NULL DEFAULT false,
  overtime boolean,
  home_rest int,
  away_rest int,
  spread_line numeric,
  total_line numeric,
  home_moneyline int,
  away_moneyline int,
  div_game boolean,
  roof text,
  surface text,
  temp numeric,
  wind numeric,
  stadium_id text,
  stadium text,
  old_game_id text,
  home_coach text,
  away_coach text,
  file_home_team text,
  file_away_team text,
  loaded_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE games ADD COLUMN IF NOT EXISTS as_of timestamptz
  GENERATED ALWAYS AS (coalesce(kickoff, (gameday + time '12:00') AT TIME ZONE 'UTC')) STORED;
CREATE INDEX IF NOT EXISTS games_season ON games (season);
CREATE INDEX IF NOT EXISTS games_teams ON games (home_team, away_team, gameday);

-- One row per play. No foreign key to games: a play without a game is for the check plays_reference_games to report.
CREATE TABLE IF NOT EXISTS plays (
  game_id text NOT NULL,
  play_id int NOT NULL,
  season int NOT NULL,
  week int NOT NULL,
  season_type text,
  order_sequence double precision,
  home_team text,
  away_team text,
  posteam text,
  defteam text,
  qtr int,
  down int,
  ydstogo int,
  yardline_100 int,
  game_seconds_remaining int,
  play_type text,
  pass boolean,
  rush boolean,
  special boolean,
  qb_dropback boolean,
  qb_scramble boolean,
  sack boolean,
  interception boolean,
  touchdown boolean,
  penalty boolean,
  complete_pass boolean,
  first_down boolean,
  yards_gained int,
  air_yards int,
  score_differential int,
  posteam_score_post int,
  defteam_score_post int,
  epa double precision,
  qb_epa double precision,
  wp double precision,
  wpa double precision,
  success boolean,
  cpoe double precision,
  xpass double precision,
  passer_player_id text,
  rusher_player_id text,
  receiver_player_id text,
  stadium text,
  "desc" text,
  PRIMARY KEY (game_id, play_id)
);
CREATE INDEX IF NOT EXISTS plays_season ON plays (season);

CREATE TABLE IF NOT EXISTS rosters (
  season int NOT NULL,
  -- Made from another id, or from name and birth date, when the file has none.
  gsis_id text NOT NULL,
  team text NOT NULL,
  position text,
  status text,
  full_name text NOT NULL,
  birth_date date,
  -- Inches and pounds.
  height int,
  weight int,
  jersey_number int,
  years_exp int,
  week int,
  PRIMARY KEY (season, gsis_id)
);

CREATE TABLE IF NOT EXISTS stadiums (
  stadium_id text PRIMARY KEY,
  name text NOT NULL,
  lat double precision NOT NULL,
  lon double precision NOT NULL,
  tz text NOT NULL,
  roof_kind text NOT NULL CHECK (roof_kind IN ('outdoors', 'retractable', 'dome')),
  city text,
  country text,
  altitude_m double precision,
  station_id text
);

CREATE TABLE IF NOT EXISTS play_class (
  game_id text NOT NULL,
  play_id int NOT NULL,
  season int NOT NULL,
  class text NOT NULL,
  is_scrimmage boolean NOT NULL,
  is_dropback boolean NOT NULL,
  early_down boolean NOT NULL,
  explosive boolean NOT NULL,
  PRIMARY KEY (game_id, play_id),
  FOREIGN KEY (game_id, play_id) REFERENCES plays ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS play_class_season ON play_class (season);

-- Offence and defence of one team in one game, over scrimmage plays. `*_epa` are sums but for `*_per_play`.
CREATE TABLE IF NOT EXISTS team_game_epa (
  game_id text NOT NULL REFERENCES games ON DELETE CASCADE,
  team text NOT NULL,
  opponent text NOT NULL,
  season int NOT NULL,
  week int NOT NULL,
  plays int NOT NULL,
  epa_sum double precision,
  epa_per_play double precision,
  success_rate double precision,
  pass_plays int,
  pass_epa double precision,
  rush_plays int,
  rush_epa double precision,
  explosive_plays int,
  explosive_rate double precision,
  early_down_plays int,
  early_down_epa double precision,
  def_plays int,
  def_epa_sum double precision,
  def_epa_per_play double precision,
  def_success_rate double precision,
  def_pass_plays int,
  def_pass_epa double precision,
  def_rush_plays int,
  def_rush_epa double precision,
  def_explosive_plays int,
  def_explosive_rate double precision,
  def_early_down_plays int,
  def_early_down_epa double precision,
  PRIMARY KEY (game_id, team)
);
CREATE INDEX IF NOT EXISTS team_game_epa_season ON team_game_epa (season);

-- What was known about a team before a game: nothing in a row comes from the kickoff or later.
CREATE TABLE IF NOT EXISTS asof_features (
  game_id text NOT NULL REFERENCES games ON DELETE CASCADE,
  team text NOT NULL,
  opponent text NOT NULL,
  season int NOT NULL,
  week int NOT NULL,
  is_home boolean NOT NULL,
  as_of timestamptz NOT NULL,
  games_played int NOT NULL,
  rest_days int,
  off_epa_l3 double precision,
  off_epa_l5 double precision,
  off_epa_std double precision,
  off_epa_ewma double precision,
  def_epa_l3 double precision,
  def_epa_l5 double precision,
  def_epa_std double precision,
  def_epa_ewma double precision,
  opp_games_played int NOT NULL,
  opp_rest_days int,
  opp_off_epa_l3 double precision,
  opp_off_epa_l5 double precision,
  opp_off_epa_std double precision,
  opp_off_epa_ewma double precision,
  opp_def_epa_l3 double precision,
  opp_def_epa_l5 double precision,
  opp_def_epa_std double precision,
  opp_def_epa_ewma double precision,
  -- The team's own line and the total, medians of the books in the last snapshot; a favourite's spread is negative.
  spread numeric,
  total numeric,
  odds_ts timestamptz,
  max_source_kickoff timestamptz,
  PRIMARY KEY (game_id, team),
  CHECK (max_source_kickoff IS NULL OR max_source_kickoff < as_of),
  CHECK (odds_ts IS NULL OR odds_ts <= as_of)
);
CREATE INDEX IF NOT EXISTS asof_features_season ON asof_features (season);
