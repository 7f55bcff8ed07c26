-- The weather at kickoff, one row per played game. `source` is meteostat or open-meteo for a reading, `indoor` for
-- a roof that was shut, `none` when there is nothing to be had; `note` says why a row is to be taken with care.
-- Observed at the time of the game: not known before kickoff.
CREATE TABLE IF NOT EXISTS weather (
  game_id text PRIMARY KEY REFERENCES games ON DELETE CASCADE,
  source text NOT NULL,
  station_id text,
  observed_at timestamptz,
  indoor boolean NOT NULL,
  temp_c real,
  humidity real,
  precip_mm real,
  wind_kph real,
  wind_dir real,
  pressure_hpa real,
  note text,
  -- What the reading was taken for; when the schedule corrects one of them, the reading is taken again.
  venue text,
  kickoff timestamptz,
  fetched_at timestamptz NOT NULL DEFAULT now()
);
-- The columns above whose values a weather model forecast; the others were observed.
ALTER TABLE weather ADD COLUMN IF NOT EXISTS forecast_columns text[] NOT NULL DEFAULT '{}';
