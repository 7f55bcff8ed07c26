import type pg from 'pg';
import type { TaskContext } from '../task-context.ts';
import { TaskError } from '../task-error.ts';
import { ensureSchema } from './ensure-schema.ts';

const TABLES =
  'games, plays, rosters, odds_history, odds_calls, odds_snapshots, weather, play_class, team_game_epa, asof_features';

/**
 * A connection to tables that hold nothing but this run's kind of data. Real data takes the place of sample data;
 * sample data never takes the place of real data, which may have cost days or money to get.
 */
export async function openTables(context: TaskContext): Promise<pg.Client> {
  const client = await context.connect();
  await ensureSchema(client);
  const { kind } = await context.openSources();
  const holds = await kindOfTables(client);
  if (holds === kind) return client;
  await client.query('BEGIN');
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended('etl-tui source', 0))");
  const now = await kindOfTables(client);
  if (now === 'live' && kind === 'sample') {
    throw new TaskError(
      'this database holds real data, which sample data must not be mixed with: set ETL_SOURCE=live to refresh it, ' +
        'or name another database in DATABASE_URL',
      { exitCode: 2 },
    );
  }
  if (now === 'sample' && kind === 'live') {
    await client.query(`TRUNCATE ${TABLES}, etl_loads, etl_findings`);
    context.log('the sample data in this database is replaced by real data');
  }
  await client.query(
    'INSERT INTO etl_source (kind) VALUES ($1) ON CONFLICT (only_row) DO UPDATE SET kind = excluded.kind',
    [kind],
  );
  await client.query('COMMIT');
  return client;
}

async function kindOfTables(client: pg.Client): Promise<string | undefined> {
  return (await client.query<{ kind: string }>('SELECT kind FROM etl_source')).rows[0]?.kind;
}
