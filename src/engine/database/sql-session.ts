import type pg from 'pg';
import type { Diagnostic, Location } from '../model/diagnostic.ts';
import { failed, ok, type Result } from '../model/result.ts';
import { endClient } from './connection/client-deadlines.ts';
import { connect } from './connection/connect.ts';
import { connectFailure } from './connection/connect-failure.ts';
import type { ConnectionAddress } from './connection/connection-address.ts';
import { databaseFromEnvironment } from './connection/database-from-environment.ts';

/** What the statements of one text have done. */
export type SqlOutcome = {
  readonly statements: number;
  /** Inserted, updated, deleted or merged, by all of them. */
  readonly changedRows: number;
  /** What queries gave, as the server writes it; null is NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
};

/** A session in which texts of SQL are executed, each in one transaction. */
export type SqlSession = {
  /** All of its statements or none. Errors: `database/sql-failed`, with the place in `file`; `database/unreachable`. */
  execute(text: string, file: string): Promise<Result<SqlOutcome, Diagnostic>>;
  /** Drops the connection, so that what is being executed fails at once. */
  abandon(): void;
  close(): Promise<void>;
};

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Logs in to the database that the variables of `env` name. Errors: `database/bad-url`, `unreachable`, `refused`. Never
 * throws.
 * @param onNotice receives what the server says beside its results
 */
export async function openSqlSession(
  env: Env,
  onNotice: (notice: string) => void,
): Promise<Result<SqlSession, Diagnostic>> {
  const named = databaseFromEnvironment(env);
  if (!named.ok) return named;
  const address = named.value;
  if (address === undefined) throw new Error('no database is configured');
  try {
    // By the name that the run gave to an attempt, the session is ended with it.
    const client = await connect(address, { applicationName: env['PGAPPNAME'] || 'etl-tui db sql' });
    client.on('notice', ({ severity, message }) => onNotice(`${severity}: ${message}`));
    // So that the server does not go on with a statement whose client has gone. Not every system can tell.
    await client.query("SET client_connection_check_interval TO '1s'").catch(() => {});
    return ok({
      execute: (text, file) => execute(client, address, text, file),
      abandon: () => void client.connection.stream.destroy(),
      close: () => endClient(client),
    });
  } catch (error) {
    return failed(connectFailure(address, error as Error));
  }
}

/** The server executes all statements of one message in one transaction. */
async function execute(
  client: pg.Client,
  address: ConnectionAddress,
  text: string,
  file: string,
): Promise<Result<SqlOutcome, Diagnostic>> {
  try {
    const answer: unknown = await client.query({ text, rowMode: 'array', types: asWritten });
    const results = (Array.isArray(answer) ? answer : [answer]) as readonly pg.QueryArrayResult[];
    // The answer to an empty text is a result without a command.
    const done = results.filter(({ command }) => command !== null);
    return ok({
      statements: done.length,
      changedRows: done.reduce((sum, one) => sum + (isChange(one) ? (one.rowCount ?? 0) : 0), 0),
      rows: done.flatMap(({ rows }) => rows as readonly (string | null)[][]),
    });
  } catch (error) {
    return failed(sqlFailure(error as pg.DatabaseError, address, text, file));
  }
}

const asWritten = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig;

function isChange({ command }: pg.QueryArrayResult): boolean {
  return ['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY'].includes(command);
}

function sqlFailure(error: pg.DatabaseError, address: ConnectionAddress, text: string, file: string): Diagnostic {
  const { code = '', message, detail, hint, position } = error;
  if (!/^[0-9A-Z]{5}$/.test(code) || code.startsWith('57P')) return connectFailure(address, error);
  const at = position === undefined ? undefined : placeIn(text, Number(position), file);
  const advice = isPsqlCommand(text, position) ? 'commands that begin with "\\" need psql: etl-tui db psql' : hint;
  return {
    code: 'database/sql-failed',
    severity: 'error',
    message: detail === undefined ? message : `${message}: ${detail}`,
    ...(at === undefined ? {} : { at }),
    ...(advice === undefined ? {} : { hint: advice }),
  };
}

/** @param position in characters, from 1 */
function placeIn(text: string, position: number, file: string): Location {
  const before = [...text].slice(0, position - 1).join('');
  const lines = before.split('\n');
  const [word = ''] = /^(?:\w+|[^\n]?)/u.exec(text.slice(before.length)) ?? [];
  return { file, line: lines.length, col: lines.at(-1)!.length + 1, length: Math.max(1, word.length) };
}

function isPsqlCommand(text: string, position: string | undefined): boolean {
  return position !== undefined && [...text][Number(position) - 1] === '\\';
}
