import type pg from 'pg';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { sleep } from '../../platform/sleep.ts';
import { queryWithDeadline } from '../connection/client-deadlines.ts';
import { connect } from '../connection/connect.ts';
import { connectFailure } from '../connection/connect-failure.ts';
import { urlVariables } from '../connection/connection-url.ts';
import { lockSpace } from '../embedded/server/lease.ts';
import { databases, schemas } from './container.ts';
import type { ScratchDatabase, ScratchHost, ScratchServer, ScratchServerOptions } from './scratch-server.ts';

const queryDeadlineMs = 15_000;
/** To copy a database or to drop one takes as long as its files are large. */
const filesDeadlineMs = 10 * 60_000;
const settleWithinMs = 10_000;
const prefix = 'etl_tui_verify';
const keptPrefix = 'etl_tui_kept';

/**
 * Creates and drops databases (schemas where only these may be created) of the name `etl_tui_verify_<database of our session>_<id>_<label>`. While this process
 * lives, its session holds an advisory lock of that id, so that databases whose lock is free were left by a process that
 * was killed; they are dropped first. Databases that are to be kept have another name.
 */
export async function createScratchServer(
  host: ScratchHost,
  { id, keep, inSchemas }: Pick<ScratchServerOptions, 'id' | 'keep' | 'inSchemas'>,
): Promise<Result<ScratchServer, Diagnostic>> {
  const { client, address, owner } = host;
  const existing = new Set<string>();
  const ask = <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = [], ms = queryDeadlineMs) =>
    queryWithDeadline<Row>(client, ms, sql, values);

  const attempt = async <Value>(what: string, work: () => Promise<Value>): Promise<Result<Value, Diagnostic>> => {
    try {
      return ok(await work());
    } catch (error) {
      return failed(cannot(what, error as Error));
    }
  };
  const drop = async (name: string) => {
    if (container.endSessions !== undefined) await ask(container.endSessions, [name]);
    await ask(container.drop(name), [], filesDeadlineMs);
    existing.delete(name);
  };
  const create = (label: string, original?: string) => {
    const name = `${keep ? keptPrefix : prefix}_${place}_${id}_${label}`;
    return attempt(`create the ${container.noun} "${name}"`, async (): Promise<ScratchDatabase> => {
      // Known before it exists, so that whatever happens it is dropped.
      existing.add(name);
      await ask(container.create(name, original), [], filesDeadlineMs);
      const schema = container.noun === 'schema' ? { schema: name } : {};
      return { name, environment: urlVariables(container.addressOfTasks(name)), ...schema };
    });
  };

  let place = '';
  let container = schemas(address);
  const begun = await attempt('use the server', async () => {
    const [server] = await ask<{ place: string; version: number }>(
      `SELECT oid::text AS place, current_setting('server_version_num')::int AS version
       FROM pg_database WHERE datname = current_database()`,
    );
    place = server?.place ?? '0';
    if (!inSchemas) container = databases(address, owner, server?.version ?? 0);
    await ask(`SELECT pg_advisory_lock_shared(${lockSpace}, hashtext($1))`, [id]);
    for (const name of await abandoned(ask, container.list, `${prefix}_${place}_`)) await drop(name);
  });
  if (!begun.ok) return begun;

  return ok({
    description: host.description,
    secrets: host.secrets,
    names: () => [...existing],
    now: () =>
      attempt('ask the server for its time', async () => {
        const [row] = await ask<{ ms: number }>('SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms');
        return row?.ms ?? Date.now();
      }),
    create: (label) => create(label),
    copy: async (from, label) => (container.canCopy ? create(label, from.name) : ok(undefined)),
    drop: async ({ name }) => {
      const dropped = await attempt(`drop the ${container.noun} "${name}"`, () => drop(name));
      return dropped.ok ? [] : [leftBehind(dropped.error)];
    },
    connect: async ({ name }) => {
      const target = container.addressOfReader(name);
      try {
        const session = await connect(target, { applicationName: `etl-tui:verify:${id}` });
        await queryWithDeadline(session, queryDeadlineMs, fixedForm);
        return ok(session);
      } catch (error) {
        return failed(connectFailure(target, error as Error));
      }
    },
    settle: ({ name }) =>
      attempt(`wait for the sessions in "${name}"`, async () => {
        const { countSessions, endSessions } = container;
        if (countSessions === undefined || endSessions === undefined) return;
        const deadline = Date.now() + settleWithinMs;
        for (let waitMs = 5; ; waitMs = Math.min(200, waitMs * 2)) {
          const [row] = await ask<{ open: number }>(countSessions, [name]);
          if (row?.open === 0) return;
          if (Date.now() > deadline) break;
          await sleep(waitMs);
        }
        await ask(endSessions, [name]);
        await sleep(200);
      }),
    outside: () => attempt('look at the tables outside', async () => (inSchemas ? writesOutside(ask) : new Map())),
    close: async () => {
      const warnings: Diagnostic[] = [];
      for (const name of keep ? [] : [...existing]) {
        const dropped = await attempt(`drop the ${container.noun} "${name}"`, () => drop(name));
        if (!dropped.ok) warnings.push(leftBehind(dropped.error));
      }
      await host.release();
      return warnings;
    },
  });
}

type Ask = <Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

/** How many rows were written so far in each table that is not ours. */
async function writesOutside(ask: Ask): Promise<ReadonlyMap<string, string>> {
  const rows = await ask<{ name: string; writes: string }>(
    `SELECT schemaname || '.' || relname AS name, (n_tup_ins + n_tup_upd + n_tup_del)::text || ' ' || relid AS writes
     FROM pg_stat_user_tables WHERE NOT starts_with(schemaname, $1)`,
    ['etl_tui_'],
  );
  return new Map(rows.map(({ name, writes }) => [name, writes]));
}

/** What was left by processes that no longer hold their lock. */
async function abandoned(ask: Ask, list: string, beginning: string): Promise<readonly string[]> {
  const found = await ask<{ name: string }>(list, [beginning]);
  const names: string[] = [];
  for (const { name } of found) {
    const [id] = name.slice(beginning.length).split('_');
    const [row] = await ask<{ free: boolean }>(
      `SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted
       AND (classid, objid) = (${lockSpace}, (hashtext($1)::bigint & 4294967295)::oid)
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS free`,
      [id],
    );
    if (row?.free === true) names.push(name);
  }
  return names;
}

/** Values are compared as text, which must not depend on the settings of a database or a role. */
const fixedForm = `SET search_path = pg_catalog; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';
  SET bytea_output = 'hex'; SET extra_float_digits = 1; SET row_security = off; SET statement_timeout = 0; SET lock_timeout = '30s'`;

function cannot(what: string, error: Error): Diagnostic {
  return {
    code: 'database/refused',
    severity: 'error',
    message: `Cannot ${what}: ${error.message}`,
    hint: "see the server's log",
  };
}

function leftBehind(error: Diagnostic): Diagnostic {
  return {
    ...error,
    code: 'database/not-dropped',
    severity: 'warning',
    hint: 'the next "etl-tui verify" drops it; or use dropdb',
  };
}
