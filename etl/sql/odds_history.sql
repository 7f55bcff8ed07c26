-- One row per snapshot, event, book, market and outcome, as The Odds API gave it. Team codes are the schedule's, the
-- feed's names stand beside them; `outcome` is the feed's own: a team's name, Over, Under or Draw.
-- `game_id` is NULL for an event without a game: a cancelled game, the Pro Bowl.
CREATE TABLE IF NOT EXISTS odds_history (
  event_id text NOT NULL,
  snapshot_ts timestamptz NOT NULL,
  bookmaker text NOT NULL,
  market text NOT NULL,
  outcome text NOT NULL,
  price int NOT NULL,
  point numeric,
  commence_time timestamptz NOT NULL,
  home_team text NOT NULL,
  away_team text NOT NULL,
  home_team_name text NOT NULL,
  away_team_name text NOT NULL,
  game_id text REFERENCES games ON DELETE SET NULL,
  book_last_update timestamptz,
  PRIMARY KEY (event_id, snapshot_ts, bookmaker, market, outcome)
);
CREATE INDEX IF NOT EXISTS odds_history_game_id ON odds_history (game_id, snapshot_ts);
CREATE INDEX IF NOT EXISTS odds_history_snapshot_ts ON odds_history (snapshot_ts);

-- The calls of each run, written before they go out: a call counts at its whole price until its answer says what it cost,
-- so that what a run may spend holds also when it is killed. `status` is the answer's, 0 when there was none; `usable` is
-- whether the answer could be kept and used.
CREATE TABLE IF NOT EXISTS odds_calls (
  call_id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  run text NOT NULL,
  requested_at timestamptz NOT NULL,
  cost int NOT NULL,
  status int,
  usable boolean NOT NULL DEFAULT false,
  asked_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS odds_calls_run ON odds_calls (run);

-- What was asked for and paid for, so that no call is made twice. `snapshot_ts` is NULL when the API had nothing then.
CREATE TABLE IF NOT EXISTS odds_snapshots (
  requested_at timestamptz PRIMARY KEY,
  snapshot_ts timestamptz,
  events int NOT NULL,
  outcomes int NOT NULL,
  fetched_at timestamptz NOT NULL DEFAULT now()
);
