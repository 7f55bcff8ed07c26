import pg from 'pg';
import type { ConnectionAddress } from '../../database/connection/connection-address.ts';
import { describeUrl } from '../../database/connection/connection-url.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { sleep } from '../../platform/sleep.ts';
import { loadDbos } from '../dbos/load-dbos.ts';
import { migrateDbos } from '../dbos/migrate-dbos.ts';
import { otherVersion } from '../find-queue-mistake.ts';
import { openQueueClient, openQueuePool } from '../open-queue-client.ts';
import type { QueueClient } from '../queue-client.ts';
import { dbosSchema, queueSchema, queueTables, queueVersion } from '../queue-schema.ts';

export type Migration = {
  /** Of the database, without the password. */
  readonly place: string;
  /** The version of the tables before; 0 when there were none. */
  readonly from: number;
  readonly to: number;
  /** Whether anything but rights was changed. */
  readonly hasChanged: boolean;
};

const migrateDeadlineMs = 600_000;
const lockDeadlineMs = 60_000;
const lock = 7_310_442_153;

/**
 * Creates the tables that hosts share, and those of DBOS, or brings them to the newest version; does nothing when they are.
 * Needs a role that may create schemas; it becomes their owner.
 * @param grant a role that may then use the queue, but not change its tables
 * Errors: `database/unreachable`, `database/refused`, `queue/not-installed`, `queue/other-version`, `queue/cannot-migrate`.
 */
export async function migrateQueue(address: ConnectionAddress, grant?: string): Promise<Result<Migration, Diagnostic>> {
  const dbos = await loadDbos();
  if (!dbos.ok) return dbos;
  const opened = await openQueueClient(address, { applicationName: 'etl-tui db migrate', unchecked: true });
  if (!opened.ok) return opened;
  const client = opened.value;
  const place = describeUrl(address);
  try {
    const query = async (sql: string) => {
      const done = await client.query<{ version?: string }>(sql, [], migrateDeadlineMs);
      if (!done.ok) throw new Error(done.error.message);
      return done.value;
    };
    if (
      grant !== undefined &&
      (await query(`SELECT FROM pg_roles WHERE rolname = ${pg.escapeLiteral(grant)}`)).length === 0
    )
      return failed(unknownRole(grant, place));
    await takeLock(client);
    const versionIn = async (table: string) => {
      const [schema, name] = table.split('.');
      const there = await query(`SELECT FROM pg_tables WHERE schemaname = '${schema}' AND tablename = '${name}'`);
      return there.length === 0 ? 0 : Number((await query(`SELECT max(version) AS version FROM ${table}`))[0]?.version);
    };
    const ofDbos = () => versionIn(`${dbosSchema}.dbos_migrations`);
    const [from, dbosFrom] = [await versionIn(`${queueSchema}.etl_version`), await ofDbos()];
    if (from > queueVersion) return failed(otherVersion(from, place));
    const pool = openQueuePool(client.address, 'etl-tui db migrate', 1, migrateDeadlineMs);
    try {
      await migrateDbos(pool);
    } finally {
      await pool.end();
    }
    await query(`BEGIN; ${queueTables}
      DELETE FROM etl_version; INSERT INTO etl_version VALUES (${queueVersion});
      ${grant === undefined ? '' : grants(grant)} COMMIT`);
    const hasChanged = from !== queueVersion || dbosFrom !== (await ofDbos());
    return ok({ place, from, to: queueVersion, hasChanged });
  } catch (error) {
    return failed({
      code: 'queue/cannot-migrate',
      severity: 'error',
      message: `The tables of the queue cannot be made in "${place}": ${(error as Error).message}`,
      hint: 'name a role in ETL_TUI_QUEUE that may create schemas (GRANT CREATE ON DATABASE), or that owns the queue already',
    });
  } finally {
    await client.close();
  }
}

function unknownRole(role: string, place: string): Diagnostic {
  return {
    code: 'queue/cannot-migrate',
    severity: 'error',
    message: `There is no role "${role}" in "${place}", so it cannot be granted the queue`,
    hint: 'create it first (CREATE ROLE), or name another with --grant',
  };
}

/** By trying: to wait within a statement would stop the making of an index elsewhere, which waits for all statements. */
async function takeLock(client: QueueClient): Promise<void> {
  for (const end = Date.now() + lockDeadlineMs; ; await sleep(200)) {
    const taken = await client.query<{ taken: boolean }>(`SELECT pg_try_advisory_lock(${lock}) AS taken`);
    if (!taken.ok) throw new Error(taken.error.message);
    if (taken.value[0]?.taken) return;
    if (Date.now() > end) throw new Error('somebody else is doing it');
  }
}

function grants(role: string): string {
  const [name, uses] = [pg.escapeIdentifier(role), 'SELECT, INSERT, UPDATE, DELETE'];
  return [queueSchema, dbosSchema]
    .map(
      (schema) => `GRANT USAGE ON SCHEMA ${schema} TO ${name};
GRANT ${uses} ON ALL TABLES IN SCHEMA ${schema} TO ${name};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${name};
ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT ${uses} ON TABLES TO ${name};
ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT USAGE ON SEQUENCES TO ${name};`,
    )
    .join('\n');
}
