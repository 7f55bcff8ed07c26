import { numberOrText } from '../../model/exact-decimal.ts';
import { formatLimit } from '../../model/format-duration.ts';
import type { CheckDefinition, ColumnRef } from '../../model/pipeline.ts';
import { unreachable } from '../../model/unreachable.ts';
import { maxKeys } from './check-sql.ts';
import { compareResult, type Spell } from './compare-result.ts';
import { type CheckEvaluation, type ResultRow, shortened } from './result-row.ts';

/** `spell` asks the server how it writes a value. */
export async function evaluateCheck(
  question: CheckDefinition,
  row: ResultRow | undefined,
  spell: Spell,
): Promise<CheckEvaluation> {
  switch (question.kind) {
    case 'references':
      return readReferences(question, row);
    case 'unique':
      return readUnique(question, row);
    case 'same_count':
      return readSameCount(question, row);
    case 'freshness':
      return readFreshness(question.column, question.maxAgeMs, row);
    case 'sql':
      return compareResult(question.expect, row, spell);
    default:
      return unreachable(question);
  }
}

type Definition<Kind extends CheckDefinition['kind']> = Extract<CheckDefinition, { readonly kind: Kind }>;

function readReferences({ child, parent }: Definition<'references'>, row: ResultRow | undefined): CheckEvaluation {
  const [rows, orphans, keys] = [count(row, 'checked_rows'), count(row, 'orphan_rows'), count(row, 'orphan_keys')];
  const first = firstKeys(row);
  const summary =
    orphans === 0n
      ? `every ${column(child)} is in ${column(parent)} (${people(rows)} rows)`
      : `${people(orphans)} of ${people(rows)} rows of ${child.table} have a ${child.column} that is not in ${column(parent)}: ${listed(first, keys)}`;
  const measured = { checked_rows: kept(rows), orphan_rows: kept(orphans), orphan_keys: kept(keys), first_keys: first };
  return { passed: orphans === 0n, summary, measured };
}

function readUnique({ table, columns }: Definition<'unique'>, row: ResultRow | undefined): CheckEvaluation {
  const [rows, keys, surplus] = [count(row, 'checked_rows'), count(row, 'duplicate_keys'), count(row, 'surplus_rows')];
  const first = firstKeys(row);
  const key = columns.join(', ');
  const summary =
    keys === 0n
      ? `${table} has each ${key} once (${people(rows)} rows)`
      : keys === 1n
        ? `${key} ${first[0] ?? ''} occurs more than once in ${table} (${people(surplus)} ${surplus === 1n ? 'row' : 'rows'} too many)`
        : `${people(keys)} values of ${key} occur more than once in ${table} (${people(surplus)} rows too many): ${listed(first, keys)}`;
  const measured = {
    checked_rows: kept(rows),
    duplicate_keys: kept(keys),
    surplus_rows: kept(surplus),
    first_keys: first,
  };
  return { passed: keys === 0n, summary, measured };
}

function readSameCount({ left, right }: Definition<'same_count'>, row: ResultRow | undefined): CheckEvaluation {
  const [inLeft, inRight] = [count(row, 'left_rows'), count(row, 'right_rows')];
  const difference = inLeft > inRight ? inLeft - inRight : inRight - inLeft;
  const summary =
    difference === 0n
      ? `${left} and ${right} have ${people(inLeft)} rows each`
      : `${left} has ${people(inLeft)} rows, ${right} ${people(inRight)}: ${people(difference)} ${inLeft > inRight ? 'missing' : 'too many'} in ${right}`;
  return {
    passed: difference === 0n,
    summary,
    measured: { left_rows: kept(inLeft), right_rows: kept(inRight), difference: kept(difference) },
  };
}

/** The clocks of two machines differ by this much at most. */
const clockSkewMs = 60_000;

function readFreshness(ref: ColumnRef, maxAgeMs: number, row: ResultRow | undefined): CheckEvaluation {
  const newest = field(row, 'newest');
  const rows = count(row, 'row_count');
  if (newest === null) {
    const reason = rows === 0n ? `${ref.table} is empty` : `${column(ref)} has no value in ${people(rows)} rows`;
    const measured = { newest: null, age_ms: null, max_age_ms: maxAgeMs, rows: kept(rows) };
    return { passed: false, summary: `${reason}, so nothing in it is fresh`, measured };
  }
  const ageMs = Number(count(row, 'age_ms'));
  // A time that is still to come would be fresh for as long as it takes to come, whatever is loaded meanwhile.
  const isAhead = ageMs < -clockSkewMs;
  const passed = ageMs <= maxAgeMs && !isAhead;
  const age = ageMs < 0 ? `${formatLimit(-ageMs)} in the future` : `${formatLimit(ageMs)} old`;
  const limit = passed
    ? `within ${formatLimit(maxAgeMs)}`
    : isAhead
      ? 'so it says nothing about freshness'
      : `more than ${formatLimit(maxAgeMs)}`;
  const summary = `the newest ${column(ref)} is ${age} (${newest}), ${limit}`;
  return { passed, summary, measured: { newest, age_ms: ageMs, max_age_ms: maxAgeMs, rows: kept(rows) } };
}

function count(row: ResultRow | undefined, name: string): bigint {
  return BigInt(field(row, name) ?? 0);
}

function firstKeys(row: ResultRow | undefined): readonly string[] {
  return (JSON.parse(field(row, 'first_keys') ?? '[]') as readonly string[]).map(shortened);
}

/** By name, which is safe for the questions that we phrase ourselves. */
function field(row: ResultRow | undefined, name: string): string | null {
  return row?.find((cell) => cell.name === name)?.value ?? null;
}

/** For a result file, where a count beyond a double's reach is a text. */
function kept(number: bigint): number | string {
  return numberOrText(String(number));
}

function listed(first: readonly string[], all: bigint): string {
  return all > first.length ? `${first.join(', ')}, … (the first ${maxKeys} of ${people(all)})` : first.join(', ');
}

function column(ref: ColumnRef): string {
  return `${ref.table}.${ref.column}`;
}

function people(number: bigint): string {
  return number.toLocaleString('en-US');
}
