import pg from 'pg';
import { TaskError } from './task-error.ts';

/**
 * A connection from DATABASE_URL, else from the PG* variables; times are in UTC. Its name on the server is PGAPPNAME.
 * Throws a TaskError that says what to do when the database cannot be reached.
 */
export async function connectDatabase(env: NodeJS.ProcessEnv = process.env): Promise<pg.Client> {
  const url = env['DATABASE_URL'];
  if (!url && !env['PGHOST'] && !env['PGDATABASE']) {
    throw new TaskError(
      'no database is named: set DATABASE_URL; for the embedded one: export DATABASE_URL="$(etl-tui db url)"',
      { exitCode: 2 },
    );
  }
  const client = new pg.Client({
    ...(url ? { connectionString: url } : {}),
    ...(env['PGAPPNAME'] ? { application_name: env['PGAPPNAME'] } : {}),
    keepAlive: true,
    connectionTimeoutMillis: 30_000,
  });
  // A broken connection fails its query; without a listener the event would end the process before the error is reported.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query("SET TIME ZONE 'UTC'");
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw new TaskError(`the database cannot be used: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  return ADVICE[code] === undefined ? message : `${message} (${ADVICE[code]})`;
}

const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there; is the server running?',
  ENOTFOUND: 'is the host name right?',
  '28P01': 'check user and password',
  '28000': 'the server does not accept this user from here',
  '3D000': 'create the database, or name another one',
  '53300': 'the server has no connection left; lower the limit of parallel tasks',
};
