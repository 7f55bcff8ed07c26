import pg from 'pg';
import { formatDuration, formatLimit } from '../../../model/text/format-duration.ts';
import { type CheckKind, cellOf, columnName, countOf, formatCount, measuredCount } from './check-kind.ts';
import { rowsName, rowsOf } from './row-filter.ts';

/** How far the clocks of the server and of the machine that wrote the rows may differ. */
const maxClockSkewMs = 60_000;

export const freshness: CheckKind<'freshness'> = {
  filtered: ({ column }) => [column.table],
  // Timestamps without a zone, dates and texts are read as UTC, the session's zone. Infinity has no age.
  sql: ({ column: { table, column }, where }) => {
    const time = `${pg.escapeIdentifier(column)}::timestamptz`;
    return `SELECT to_char(newest AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS newest,
      round(extract(epoch FROM now() - newest) * 1000)::bigint AS age_ms, row_count
    FROM (SELECT max(${time}) FILTER (WHERE isfinite(${time})) AS newest, count(*) AS row_count
      FROM ${rowsOf(table, where)} AS part) AS measured`;
  },
  evaluate: ({ column: ref, maxAgeMs, where }, row) => {
    const newest = cellOf(row, 'newest');
    const rows = countOf(row, 'row_count');
    if (newest === null) {
      const reason =
        rows === 0n
          ? `${rowsName(ref.table, where)} is empty`
          : `${columnName(ref)} has no value in ${formatCount(rows)} rows`;
      const measured = { newest: null, age_ms: null, max_age_ms: maxAgeMs, rows: measuredCount(rows) };
      return { passed: false, summary: `${reason}, so there is no fresh data`, measured };
    }
    const ageMs = Number(countOf(row, 'age_ms'));
    // A time in the future would count as fresh until it comes, whatever is loaded meanwhile.
    const isAhead = ageMs < -maxClockSkewMs;
    const passed = ageMs <= maxAgeMs && !isAhead;
    const age = ageMs < 0 ? `${formatDuration(-ageMs)} in the future` : `${formatDuration(ageMs)} old`;
    const limit = passed
      ? `within ${formatLimit(maxAgeMs)}`
      : isAhead
        ? 'so the freshness is unknown'
        : `more than ${formatLimit(maxAgeMs)}`;
    const summary = `the newest ${columnName(ref)} is ${age} (${newest}), ${limit}`;
    const measured = { newest, age_ms: ageMs, max_age_ms: maxAgeMs, rows: measuredCount(rows) };
    return { passed, summary, measured, value: ageMs / 1000 };
  },
};
