import type { Diagnostic } from '../model/diagnostic.ts';
import { ok, type Result } from '../model/result.ts';
import { withDeadline } from '../platform/with-deadline.ts';
import { attemptApplicationName } from './application-name.ts';
import { backendTerminator } from './backend-terminator.ts';
import { checkRunner } from './checks/check-runner.ts';
import type { ConnectionAddress } from './connection/connection-address.ts';
import { urlSecrets, urlVariables } from './connection/connection-url.ts';
import { databaseFromEnvironment } from './connection/database-from-environment.ts';
import { openExternal } from './connection/external-database.ts';
import { createHeartbeat } from './connection/heartbeat.ts';
import { ignoredVariables } from './connection/libpq-variables.ts';
import { createReconnectingClient } from './connection/reconnecting-client.ts';
import { countConnections } from './count-connections.ts';
import type { Database } from './database.ts';
import { databaseIdentity } from './database-identity.ts';
import { embeddedRoot } from './embedded/cluster/embedded-directory.ts';
import { openEmbeddedDatabase } from './embedded/open-embedded-database.ts';
import { isStopped } from './embedded/server/postmaster.ts';
import { serverFacts } from './server-facts.ts';

export type OpenDatabaseOptions = {
  /** The embedded server has its files in `.etl-tui/db` of it. */
  readonly projectDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The application name of the program's own sessions. */
  readonly applicationName: string;
  /** Receives a line about each step that takes long, such as the first start. */
  readonly onProgress?: (line: string) => void;
  /** Receives each problem that does not stop the run, once. */
  readonly onWarning?: (warning: Diagnostic) => void;
};

/**
 * Opens the database that the environment names (see `databaseFromEnvironment`); only if it names none, starts or joins
 * the embedded server of the project.
 * Errors: `database/bad-url`, `unreachable`, `refused`, `no-binaries`, `start-failed`. Never throws.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Result<Database, Diagnostic>> {
  const named = databaseFromEnvironment(options.env);
  if (!named.ok) return named;
  const root = embeddedRoot(options.projectDir, options.env);
  const opened =
    named.value === undefined
      ? await openEmbeddedDatabase({
          root,
          env: options.env,
          onProgress: options.onProgress ?? (() => {}),
        })
      : await openExternal(named.value, options.applicationName);
  if (!opened.ok) return opened;
  if (named.value?.origin === 'DATABASE_URL') warnAboutIgnoredVariables(options, urlVariables(named.value));
  const { source, description, secrets, first, reopen } = opened.value;
  const connection = createReconnectingClient(first, reopen);
  // While it does not respond, one task at a time.
  const limit = (await countConnections(connection, undefined, () => undefined))?.limit ?? 1;
  const names = new Map<string, string>();
  const tasks = new Map<string, string>();
  let isWarned = false;
  const environment = () => environmentOf(connection.address, source);
  const runner = checkRunner({
    addressOf: () => connection.address,
    // Counted as one of the run, like those of its tasks.
    applicationName: `${options.applicationName}:checks`,
    onUnrestricted: () => {
      if (!isWarned) options.onWarning?.(unrestricted(connection.address));
      isWarned = true;
    },
  });
  // A check would wait for its own time limit, which may be long.
  connection.onUnreachable(runner.giveUp);
  const whileAlive = createHeartbeat(() => connection.query('SELECT 1'));
  const ready = () => {
    const back = source === 'external' ? undefined : connection.ready();
    return back && withDeadline(back, readyWithinMs, () => undefined);
  };
  return ok({
    source,
    ...(source === 'embedded' ? { directory: root } : {}),
    description,
    secrets: [...new Set([...secrets, ...urlSecrets(connection.address)])].sort((a, b) => b.length - a.length),
    identity: () => databaseIdentity(connection),
    facts: () => serverFacts(connection),
    get environment() {
      return environment();
    },
    connectionLimit: limit,
    budget: (fraction) => Math.max(1, Math.floor(limit * fraction)),
    taskEnvironment: (run, task, attempt) => {
      const name = attemptApplicationName(run, task, attempt);
      names.set(`${task}#${attempt}`, name);
      tasks.set(name, task);
      return { ...environment(), PGAPPNAME: name };
    },
    checks: {
      run: async (check, past) => {
        await ready();
        return whileAlive(() => runner.run(check, past));
      },
    },
    sessions: backendTerminator(connection, (task, attempt) => names.get(`${task}#${attempt}`)),
    connections: (run) => countConnections(connection, run, (name) => tasks.get(name)),
    onLost: connection.onLost,
    ready,
    close: async () => {
      // The server would go on with the queries of checks whose client is gone.
      const sessions = runner.sessions();
      const end = 'SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid';
      if (sessions.length > 0) await withDeadline(connection.query(end, [sessions]), endWithinMs, () => undefined);
      if (await connection.close()) return;
      const pid = await opened.value.serverPid?.();
      if (pid !== undefined) options.onWarning?.(leftRunning(pid));
    },
  });
}

const readyWithinMs = 30_000;
const endWithinMs = 3_000;

/** The embedded server has no TLS, whatever PGSSLMODE is in the environment. */
function environmentOf(address: ConnectionAddress, source: Database['source']): Readonly<Record<string, string>> {
  return source === 'external' ? urlVariables(address) : { ...urlVariables(address), PGSSLMODE: 'disable' };
}

/** Users expect variables such as PGSSLMODE to apply, so one that does not is reported. */
function warnAboutIgnoredVariables(
  { env, onWarning }: OpenDatabaseOptions,
  used: Readonly<Record<string, string>>,
): void {
  const ignored = ignoredVariables(env, used);
  if (ignored.length === 0) return;
  onWarning?.({
    code: 'database/ignored-variable',
    severity: 'warning',
    message: `DATABASE_URL is set, so ${ignored.join(', ')} ${ignored.length === 1 ? 'is' : 'are'} not used`,
    hint: 'put the setting into DATABASE_URL (?sslmode=…&options=…), or unset the variable',
  });
}

function leftRunning(pid: number): Diagnostic {
  const [how, goesOn] = isStopped(pid)
    ? ['is stopped by a signal (SIGSTOP)', `"kill -CONT ${pid}" continues it`]
    : ['does not answer', 'the next run uses it if it answers again'];
  return {
    code: 'database/left-running',
    severity: 'warning',
    message: `The embedded PostgreSQL (process ${pid}) ${how}, so it was not stopped`,
    hint: `${goesOn}; "etl-tui db stop" stops it (kills it if necessary)`,
  };
}

function unrestricted({ user }: ConnectionAddress): Diagnostic {
  return {
    code: 'database/unrestricted-checks',
    severity: 'warning',
    message: `Checks run with the rights of "${user}", who may run programs or write files on the server`,
    hint: 'use a role without these rights in DATABASE_URL, or grant it pg_read_all_data (PostgreSQL 14 or newer) for the checks',
  };
}
