import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import type { CheckSpec, DatabaseCheck } from '../../model/pipeline/pipeline.ts';
import type { CheckAnswer } from '../../model/run/check-result.ts';
import { formatLimit } from '../../model/text/format-duration.ts';
import { withDeadline } from '../../platform/with-deadline.ts';
import type { CheckRunner } from '../../ports.ts';
import { endClient } from '../connection/client-deadlines.ts';
import { connect } from '../connection/connect.ts';
import type { ConnectionAddress } from '../connection/connection-address.ts';
import { urlSecrets } from '../connection/connection-url.ts';
import { checkError } from './check-error.ts';
import { firstRow } from './first-row.ts';
import { type CheckKind, type FormatOnServer, quoteTable } from './kinds/check-kind.ts';
import { kindOf } from './kinds/check-kinds.ts';
import { conditionProbe, refuseCondition } from './kinds/row-filter.ts';
import { primaryKeyStatement } from './kinds/row-key.ts';
import { isStillRestricted, type Rights, restrictRights } from './restrict-rights.ts';

/** Added to a check's own timeout, which the server enforces; beyond it the server or the network counts as dead. */
const responseMarginMs = 5_000;
/** Neither a timer nor the server accepts more: 2^31 ms are 24 days. */
const maxTimeoutMs = 0x7fffffff - responseMarginMs;

export type CheckRunnerOptions = {
  /** Called for each check, because a restarted server may listen on another port. */
  readonly addressOf: () => ConnectionAddress;
  readonly applicationName: string;
  /** Called when a check runs with rights that reach beyond the database. */
  readonly onUnrestricted: () => void;
};

/** Runs the checks that ask a database; how many at once is for the caller to bound. */
export type DatabaseCheckRunner = CheckRunner & {
  /** The process ids, on the server, of the checks that run now: a server goes on with a query whose client is gone. */
  readonly sessions: () => readonly number[];
  /** The server is lost: the checks that run now end with that error. */
  readonly giveUp: () => void;
};

/** A check that asks the database now. */
type Asking = { readonly client: pg.Client; session?: number };

/**
 * Runs each check
 * 1. on a connection of its own, so that no setting that a statement makes outlives it,
 * 2. in a read-only transaction with fixed output settings and the check's timeout,
 * 3. without rights that reach beyond the database, where they can be dropped,
 * 4. within the timeout plus 5 s, even when the server does not respond.
 */
export function checkRunner(options: CheckRunnerOptions): DatabaseCheckRunner {
  const asking = new Set<Asking>();
  return {
    sessions: () => [...asking].flatMap(({ session }) => session ?? []),
    giveUp: () => {
      for (const { client } of asking) client.connection.stream.destroy();
    },
    run: async (check, past = []) => {
      const { definition } = check;
      if (definition.kind === 'command') throw new Error(`check "${check.name}" asks no database`);
      const startedMs = performance.now();
      const finding = await runCheck({ ...check, definition }, past, options, asking);
      return { check: check.name, ...finding, durationMs: Math.round(performance.now() - startedMs) };
    },
  };
}

/** The text format of values must not depend on settings of the role, the database or the server. */
const outputSettings = Object.entries({
  timezone: 'UTC',
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  extra_float_digits: '1',
})
  .map(([name, value]) => `set_config('${name}', '${value}', true)`)
  .join(', ');

type Finding = Pick<CheckAnswer, 'verdict' | 'summary' | 'measured' | 'value' | 'isTransient'>;

async function runCheck(
  check: CheckSpec & { readonly definition: DatabaseCheck },
  past: readonly number[],
  { addressOf, applicationName, onUnrestricted }: CheckRunnerOptions,
  asking: Set<Asking>,
): Promise<Finding> {
  const { definition } = check;
  const kind = kindOf(definition);
  const refused = kind.refuse?.(definition) ?? refuseCondition(whereOf(definition));
  if (refused !== undefined) return { verdict: 'error', summary: refused, measured: {} };
  const address = addressOf();
  const timeoutMs = Math.min(check.timeoutMs, maxTimeoutMs);
  let current: Asking | undefined;
  let rights: Rights = 'limited';
  const query = async (asked: Asking): Promise<Finding> => {
    const { client: connected } = asked;
    await connected.query('BEGIN TRANSACTION READ ONLY');
    const { rows } = await connected.query<{ session: number }>(
      `SELECT ${outputSettings}, set_config('statement_timeout', $1, true), pg_backend_pid() AS session`,
      [String(Math.max(1, Math.round(timeoutMs)))],
    );
    const session = rows[0]?.session;
    if (session !== undefined) asked.session = session;
    rights = await restrictRights(connected);
    if (rights === 'unrestricted') onUnrestricted();
    const row = await firstRow(connected, await statementOf(connected, kind, definition));
    if (rights === 'restricted' && !(await isStillRestricted(connected))) {
      return { verdict: 'error', summary: 'a check may not change its role', measured: {} };
    }
    const context = { formatOnServer: formatOnServer(connected), past };
    const { passed, ...evaluated } = await kind.evaluate(definition, row, context);
    return { verdict: passed ? 'pass' : check.onFail, ...evaluated };
  };
  try {
    current = { client: await connect(address, { applicationName }) };
    asking.add(current);
    // The server's own timeout comes first; this one is for a server or a network that no longer responds.
    return await withDeadline(query(current), timeoutMs + responseMarginMs, () => {
      throw new Error(`no answer within ${formatLimit(timeoutMs + responseMarginMs)}`);
    });
  } catch (error) {
    return { verdict: 'error', ...checkError(error as Error, check.timeoutMs, rights, urlSecrets(address)) };
  } finally {
    if (current !== undefined) {
      asking.delete(current);
      await endClient(current.client);
    }
  }
}

/** The statement of a check, once the server has accepted its condition and told the primary key by which rows are named. */
async function statementOf(
  client: pg.Client,
  kind: CheckKind<DatabaseCheck['kind']>,
  definition: DatabaseCheck,
): Promise<string> {
  const where = whereOf(definition);
  for (const table of where === undefined ? [] : (kind.filtered?.(definition) ?? [])) {
    await firstRow(client, conditionProbe(table, where!)).catch((error: Error) => {
      error.message = `in "where": ${error.message}`;
      throw error;
    });
  }
  const named = kind.named?.(definition);
  if (named === undefined) return kind.sql(definition, []);
  const { rows } = await client.query<{ column: string }>(primaryKeyStatement, [quoteTable(named)]);
  return kind.sql(
    definition,
    rows.map(({ column }) => column),
  );
}

function whereOf(definition: DatabaseCheck): string | undefined {
  return 'where' in definition ? definition.where : undefined;
}

/** A text that is no value of the type aborts the transaction, so this must be its last query. */
function formatOnServer(client: pg.Client): FormatOnServer {
  return async (text, type) => {
    const { rows } = await client.query<[string]>({
      text: `SELECT $1::${type}::text`,
      values: [text],
      rowMode: 'array',
    });
    return rows[0]?.[0];
  };
}
