/** Where the tables of the queue are, and those of DBOS, which carries the attempts. Neither is ever in the schema of data. */
export const queueSchema = 'etl_queue';
export const dbosSchema = 'etl_queue_dbos';

/** Counts up with every change of the tables, and with the version of DBOS; a program works with its own number only. */
export const queueVersion = 1;

/**
 * The tables that hosts share. Times are of the clock of the database, since those of hosts differ.
 *
 * - `etl_worker`: one row for each worker that ever started, under an id that is never used again. `beat` is when it last
 *   renewed its lease; a worker whose lease is over is declared `dead` by whoever sees it first, and stays it.
 * - `etl_output`: what attempts print and report, in their order; `kind` says what the data is.
 * - `etl_stop`: attempts that are to end, and how soon.
 * - `etl_run`: runs, and which process drives each; of one pipeline only one is open at a time.
 * - `etl_plan`: the pipelines that a run was carried out with, see `RunContinued.plan`.
 * - `etl_event`: the journal of each run. The primary key is what makes an append a compare-and-set.
 */
export const queueTables = `
CREATE SCHEMA IF NOT EXISTS ${queueSchema};
SET LOCAL search_path = ${queueSchema};
CREATE TABLE IF NOT EXISTS etl_version (version integer NOT NULL);
CREATE TABLE IF NOT EXISTS etl_worker (
  id text PRIMARY KEY,
  name text NOT NULL,
  labels text[] NOT NULL,
  slots integer NOT NULL,
  lease_ms bigint NOT NULL,
  load jsonb,
  version text NOT NULL,
  draining boolean NOT NULL DEFAULT false,
  dead boolean NOT NULL DEFAULT false,
  started timestamptz NOT NULL DEFAULT clock_timestamp(),
  beat timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX IF NOT EXISTS etl_worker_alive ON etl_worker (id) WHERE NOT dead;
CREATE TABLE IF NOT EXISTS etl_output (
  run text NOT NULL,
  attempt text NOT NULL,
  seq bigint NOT NULL,
  worker text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  kind text NOT NULL,
  data bytea NOT NULL,
  PRIMARY KEY (attempt, seq)
);
CREATE INDEX IF NOT EXISTS etl_output_of_run ON etl_output (run);
CREATE TABLE IF NOT EXISTS etl_stop (
  attempt text PRIMARY KEY,
  worker text NOT NULL,
  grace_ms bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX IF NOT EXISTS etl_stop_of_worker ON etl_stop (worker);
CREATE TABLE IF NOT EXISTS etl_run (
  run text PRIMARY KEY,
  pipeline text NOT NULL,
  is_open boolean NOT NULL DEFAULT true,
  driver text,
  lease_ms bigint NOT NULL,
  started timestamptz NOT NULL DEFAULT clock_timestamp(),
  beat timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX IF NOT EXISTS etl_run_open ON etl_run (pipeline) WHERE is_open;
CREATE TABLE IF NOT EXISTS etl_plan (
  run text NOT NULL REFERENCES etl_run ON DELETE CASCADE,
  number integer NOT NULL,
  hash text NOT NULL,
  text text NOT NULL,
  stored text NOT NULL,
  PRIMARY KEY (run, number)
);
CREATE TABLE IF NOT EXISTS etl_event (
  run text NOT NULL REFERENCES etl_run ON DELETE CASCADE,
  seq bigint NOT NULL,
  event json NOT NULL,
  PRIMARY KEY (run, seq)
);
`;
