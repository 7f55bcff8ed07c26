import pg from 'pg';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { sleep } from '../../platform/sleep.ts';
import { queryWithDeadline } from '../connection/client-deadlines.ts';
import { connect } from '../connection/connect.ts';
import { connectFailure } from '../connection/connect-failure.ts';
import { changeDatabase, urlVariables } from '../connection/connection-url.ts';
import { lockSpace } from '../embedded/server/lease.ts';
import type { ScratchDatabase, ScratchHost, ScratchServer, ScratchServerOptions } from './scratch-server.ts';

const queryDeadlineMs = 15_000;
/** To copy a database or to drop one takes as long as its files are large. */
const filesDeadlineMs = 10 * 60_000;
const settleWithinMs = 10_000;
const prefix = 'etl_tui_verify';
const keptPrefix = 'etl_tui_kept';

/**
 * Creates and drops databases of the name `etl_tui_verify_<database of our session>_<id>_<label>`. While this process
 * lives, its session holds an advisory lock of that id, so that databases whose lock is free were left by a process that
 * was killed; they are dropped first. Databases that are to be kept have another name.
 */
export async function createScratchServer(
  host: ScratchHost,
  { id, keep }: Pick<ScratchServerOptions, 'id' | 'keep'>,
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
    await ask('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    await ask(`DROP DATABASE IF EXISTS ${quoted(name)}${isForced ? ' WITH (FORCE)' : ''}`, [], filesDeadlineMs);
    existing.delete(name);
  };
  const create = (label: string, settings: readonly string[]) => {
    const name = `${keep ? keptPrefix : prefix}_${place}_${id}_${label}`;
    return attempt(`create the database "${name}"`, async (): Promise<ScratchDatabase> => {
      // Known before it exists, so that whatever happens it is dropped.
      existing.add(name);
      const words = [...(owner === undefined ? [] : [`OWNER ${quoted(owner)}`]), ...settings];
      await ask(`CREATE DATABASE ${quoted(name)} ${words.join(' ')}`, [], filesDeadlineMs);
      return { name, environment: urlVariables(changeDatabase(address, name)) };
    });
  };

  let place = '';
  let isForced = false;
  const begun = await attempt('use the server', async () => {
    const [server] = await ask<{ place: string; version: number }>(
      `SELECT oid::text AS place, current_setting('server_version_num')::int AS version
       FROM pg_database WHERE datname = current_database()`,
    );
    place = server?.place ?? '0';
    isForced = (server?.version ?? 0) >= 130_000;
    await ask(`SELECT pg_advisory_lock_shared(${lockSpace}, hashtext($1))`, [id]);
    for (const name of await abandoned(ask, `${prefix}_${place}_`)) await drop(name);
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
    create: (label) => create(label, []),
    copy: (from, label) => create(label, [`TEMPLATE ${quoted(from.name)}`]),
    drop: async ({ name }) => {
      const dropped = await attempt(`drop the database "${name}"`, () => drop(name));
      return dropped.ok ? [] : [leftBehind(dropped.error)];
    },
    connect: async ({ name }) => {
      const target = changeDatabase(address, name);
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
        const others = `FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()
          AND coalesce(backend_type, 'client backend') = 'client backend'`;
        const deadline = Date.now() + settleWithinMs;
        for (let waitMs = 5; ; waitMs = Math.min(200, waitMs * 2)) {
          const [row] = await ask<{ open: number }>(`SELECT count(*)::int AS open ${others}`, [name]);
          if (row?.open === 0) return;
          if (Date.now() > deadline) break;
          await sleep(waitMs);
        }
        await ask(`SELECT pg_terminate_backend(pid) ${others}`, [name]);
        await sleep(200);
      }),
    close: async () => {
      const warnings: Diagnostic[] = [];
      for (const name of keep ? [] : [...existing]) {
        const dropped = await attempt(`drop the database "${name}"`, () => drop(name));
        if (!dropped.ok) warnings.push(leftBehind(dropped.error));
      }
      await host.release();
      return warnings;
    },
  });
}

/** The databases of processes that no longer hold their lock. */
async function abandoned(
  ask: <Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]) => Promise<readonly Row[]>,
  beginning: string,
): Promise<readonly string[]> {
  const found = await ask<{ name: string }>(
    `SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1) AND pg_has_role(datdba, 'USAGE')`,
    [beginning],
  );
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

const quoted = pg.escapeIdentifier;

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
    hint: 'the next "etl-tui verify" drops it, or drop it by hand (dropdb)',
  };
}
