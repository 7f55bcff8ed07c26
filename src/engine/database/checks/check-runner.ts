import { performance } from 'node:perf_hooks';
import pLimit from 'p-limit';
import type pg from 'pg';
import type { CheckResult } from '../../model/check-result.ts';
import type { CheckSpec } from '../../model/pipeline.ts';
import { withDeadline } from '../../platform/with-deadline.ts';
import type { CheckRunner } from '../../ports.ts';
import { connect } from '../connection/connect.ts';
import type { ConnectionAddress } from '../connection/connection-address.ts';
import { urlSecrets } from '../connection/connection-url.ts';
import { endClient } from '../connection/end-client.ts';
import { checkError } from './check-error.ts';
import { checkSql } from './check-sql.ts';
import { refuseStatement } from './check-statement.ts';
import type { Spell } from './compare-result.ts';
import { evaluateCheck } from './evaluate-check.ts';
import { firstRow } from './first-row.ts';
import { hasReadingRole, type Rights, takeReadingRole } from './reading-role.ts';

const atOnce = 2;
/** Beyond a check's own timeout. */
const unansweredMs = 5_000;
/** Neither a timer nor the server takes more: 2^31 ms are 24 days. */
const longestMs = 0x7fffffff - unansweredMs;

type Asking = {
  /** Asked anew for each check, because a restart may change it. */
  readonly addressOf: () => ConnectionAddress;
  readonly applicationName: string;
  /** Called when a check runs with rights that reach beyond the database. */
  readonly onUnrestricted: () => void;
};

/**
 * Asks each question on a connection of its own, so that nothing a statement sets outlives it, in a transaction that may
 * only read, and without the rights of a superuser where they can be put aside.
 */
export function checkRunner(asking: Asking): CheckRunner & {
  /** The server's process numbers of the checks that are asked now, which the server answers also for nobody. */
  readonly sessions: () => readonly number[];
} {
  const slots = pLimit(atOnce);
  const open = new Set<number>();
  return {
    sessions: () => [...open],
    run: (check) =>
      slots(async () => {
        const startedMs = performance.now();
        const finding = await find(check, asking, open);
        return { check: check.name, ...finding, durationMs: Math.round(performance.now() - startedMs) };
      }),
  };
}

/** How values are written must not depend on settings of the role, the database or the server. */
const fixed = Object.entries({
  timezone: 'UTC',
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  extra_float_digits: '1',
})
  .map(([name, value]) => `set_config('${name}', '${value}', true)`)
  .join(', ');

type Finding = Pick<CheckResult, 'verdict' | 'summary' | 'measured'>;

async function find(
  check: CheckSpec,
  { addressOf, applicationName, onUnrestricted }: Asking,
  open: Set<number>,
): Promise<Finding> {
  const refused = check.definition.kind === 'sql' ? refuseStatement(check.definition.sql) : undefined;
  if (refused !== undefined) return { verdict: 'error', summary: refused, measured: {} };
  const address = addressOf();
  const timeoutMs = Math.min(check.timeoutMs, longestMs);
  let client: pg.Client | undefined;
  let session: number | undefined;
  let rights: Rights = 'modest';
  const ask = async (connected: pg.Client): Promise<Finding> => {
    await connected.query('BEGIN TRANSACTION READ ONLY');
    const { rows } = await connected.query<{ session: number }>(
      `SELECT ${fixed}, set_config('statement_timeout', $1, true), pg_backend_pid() AS session`,
      [String(Math.max(1, Math.round(timeoutMs)))],
    );
    session = rows[0]?.session;
    if (session !== undefined) open.add(session);
    rights = await takeReadingRole(connected);
    if (rights === 'unrestricted') onUnrestricted();
    const row = await firstRow(connected, checkSql(check.definition));
    if (rights === 'reading' && !(await hasReadingRole(connected))) {
      return { verdict: 'error', summary: 'a check may not change its role', measured: {} };
    }
    const { passed, summary, measured } = await evaluateCheck(check.definition, row, spelledBy(connected));
    return { verdict: passed ? 'pass' : check.onFail, summary, measured };
  };
  try {
    const connected = await connect(address, { applicationName });
    client = connected;
    // The server's own limit comes first; ours is for when the server or the network no longer answers.
    return await withDeadline(ask(connected), timeoutMs + unansweredMs, () => {
      throw new Error(`no answer within ${(timeoutMs + unansweredMs) / 1000} s`);
    });
  } catch (error) {
    return { verdict: 'error', ...checkError(error as Error, check.timeoutMs, rights, urlSecrets(address)) };
  } finally {
    if (session !== undefined) open.delete(session);
    if (client !== undefined) await endClient(client);
  }
}

/** A text that is no value of the type ends the transaction; nothing is asked after it. */
function spelledBy(client: pg.Client): Spell {
  return async (text, type) => {
    const { rows } = await client.query<[string]>({
      text: `SELECT $1::${type}::text`,
      values: [text],
      rowMode: 'array',
    });
    return rows[0]?.[0];
  };
}
