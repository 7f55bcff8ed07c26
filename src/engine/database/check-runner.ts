import { performance } from 'node:perf_hooks';
import pLimit from 'p-limit';
import pg from 'pg';
import type { CheckResult } from '../model/check-result.ts';
import type { CheckSpec } from '../model/pipeline.ts';
import type { CheckRunner } from '../ports.ts';
import type { AnswerRow } from './answer.ts';
import { readAnswer } from './check-answer.ts';
import { questionSql } from './check-question.ts';
import { checkTrouble } from './check-trouble.ts';
import type { Spell } from './compare-answer.ts';
import { connect } from './connect.ts';
import { type ConnectionUrl, urlSecrets } from './connection-url.ts';

const atOnce = 2;
/** Beyond a check's own timeout. */
const unansweredMs = 5_000;
/** Neither a timer nor the server takes more: 2^31 ms are 24 days. */
const longestMs = 0x7fffffff - unansweredMs;

/**
 * Asks each question on a connection of its own, so that nothing a statement sets outlives it, and in a transaction that
 * may only read. The address is asked for anew each time, because a restart may change it.
 */
export function checkRunner(addressOf: () => ConnectionUrl, applicationName: string): CheckRunner {
  const slots = pLimit(atOnce);
  return {
    run: (check) =>
      slots(async () => {
        const startedMs = performance.now();
        const finding = await find(check, addressOf(), applicationName);
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

async function find(check: CheckSpec, address: ConnectionUrl, applicationName: string): Promise<Finding> {
  let client: pg.Client | undefined;
  let lastResort: NodeJS.Timeout | undefined;
  try {
    const connected = await connect(address, { applicationName });
    client = connected;
    // The server's own limit comes first; ours is for when the server or the network no longer answers.
    const timeoutMs = Math.min(check.timeoutMs, longestMs);
    lastResort = setTimeout(() => void connected.end().catch(() => {}), timeoutMs + unansweredMs);
    await connected.query('BEGIN TRANSACTION READ ONLY');
    await connected.query(`SELECT ${fixed}, set_config('statement_timeout', $1, true)`, [
      String(Math.max(1, Math.round(timeoutMs))),
    ]);
    const row = await firstRow(connected, questionSql(check.question));
    const { passed, summary, measured } = await readAnswer(check.question, row, spelledBy(connected));
    return { verdict: passed ? 'pass' : check.onFail, summary, measured };
  } catch (error) {
    return { verdict: 'error', ...checkTrouble(error as Error, check.timeoutMs, urlSecrets(address)) };
  } finally {
    clearTimeout(lastResort);
    await client?.end().catch(() => {});
  }
}

/** The extended protocol takes a single statement only. Rows beyond the first are let go as they come. */
function firstRow(client: pg.Client, sql: string): Promise<AnswerRow | undefined> {
  return new Promise((resolve, reject) => {
    const query = new pg.Query<pg.QueryArrayResult['rows'][number]>({
      text: sql,
      rowMode: 'array',
      queryMode: 'extended',
      types: { getTypeParser: (type: number) => (type === booleanType ? readBoolean : String) },
    } as pg.QueryConfig);
    let first: AnswerRow | undefined;
    query.on('row', (row, result) => {
      const values = row as readonly (string | null)[];
      first ??= result?.fields.map(({ name, dataTypeID }, place) => {
        return { name, type: dataTypeID, value: values[place] ?? null };
      });
    });
    query.on('end', () => resolve(first));
    query.on('error', reject);
    client.query(query);
  });
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

const booleanType = 16;

function readBoolean(text: string): string {
  return text === 't' ? 'true' : 'false';
}
