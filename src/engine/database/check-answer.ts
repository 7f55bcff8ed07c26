import type { CheckResult } from '../model/check-result.ts';
import type { CheckQuestion, ColumnRef } from '../model/pipeline.ts';
import { unreachable } from '../model/unreachable.ts';
import { keptKeys } from './check-question.ts';

/** The first row of an answer, by column, every value as PostgreSQL writes it. */
export type AnswerRow = ReadonlyMap<string, string | null>;

/** What the rows say: whether it is as it should be, in words and in numbers. */
export type Answer = {
  readonly passed: boolean;
  readonly summary: string;
  readonly measured: CheckResult['measured'];
};

export function readAnswer(question: CheckQuestion, row: AnswerRow | undefined): Answer {
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
      return readSql(question.expect, row);
    default:
      return unreachable(question);
  }
}

type Question<Kind extends CheckQuestion['kind']> = Extract<CheckQuestion, { readonly kind: Kind }>;

function readReferences({ child, parent }: Question<'references'>, row: AnswerRow | undefined): Answer {
  const [rows, orphans, keys] = [count(row, 'checked_rows'), count(row, 'orphan_rows'), count(row, 'orphan_keys')];
  const first = firstKeys(row);
  const summary =
    orphans === 0
      ? `every ${column(child)} is in ${column(parent)} (${people(rows)} rows)`
      : `${people(orphans)} of ${people(rows)} rows of ${child.table} have a ${child.column} that is not in ${column(parent)}: ${listed(first, keys)}`;
  const measured = { checked_rows: rows, orphan_rows: orphans, orphan_keys: keys, first_keys: first };
  return { passed: orphans === 0, summary, measured };
}

function readUnique({ table, columns }: Question<'unique'>, row: AnswerRow | undefined): Answer {
  const [rows, keys, surplus] = [count(row, 'checked_rows'), count(row, 'duplicate_keys'), count(row, 'surplus_rows')];
  const first = firstKeys(row);
  const key = columns.join(', ');
  const summary =
    keys === 0
      ? `${table} has each ${key} once (${people(rows)} rows)`
      : `${people(keys)} ${key} ${keys === 1 ? 'is' : 'are'} in ${table} more than once, ${people(surplus)} ${surplus === 1 ? 'row' : 'rows'} too many: ${listed(first, keys)}`;
  const measured = { checked_rows: rows, duplicate_keys: keys, surplus_rows: surplus, first_keys: first };
  return { passed: keys === 0, summary, measured };
}

function readSameCount({ left, right }: Question<'same_count'>, row: AnswerRow | undefined): Answer {
  const [inLeft, inRight] = [count(row, 'left_rows'), count(row, 'right_rows')];
  const difference = Math.abs(inLeft - inRight);
  const summary =
    difference === 0
      ? `${left} and ${right} have ${people(inLeft)} rows each`
      : `${left} has ${people(inLeft)} rows, ${right} ${people(inRight)}: ${people(difference)} ${inLeft > inRight ? 'missing' : 'too many'} in ${right}`;
  return { passed: difference === 0, summary, measured: { left_rows: inLeft, right_rows: inRight, difference } };
}

function readFreshness(ref: ColumnRef, maxAgeMs: number, row: AnswerRow | undefined): Answer {
  const newest = row?.get('newest') ?? null;
  const rows = count(row, 'row_count');
  if (newest === null) {
    const reason = rows === 0 ? `${ref.table} is empty` : `${column(ref)} has no value in ${people(rows)} rows`;
    const measured = { newest: null, age_ms: null, max_age_ms: maxAgeMs, rows };
    return { passed: false, summary: `${reason}, so nothing in it is fresh`, measured };
  }
  const ageMs = count(row, 'age_ms');
  const passed = ageMs <= maxAgeMs;
  const age = ageMs < 0 ? `${duration(-ageMs)} in the future` : `${duration(ageMs)} old`;
  const limit = passed ? `within ${duration(maxAgeMs)}` : `more than ${duration(maxAgeMs)}`;
  const summary = `the newest ${column(ref)} is ${age} (${newest}), ${limit}`;
  return { passed, summary, measured: { newest, age_ms: ageMs, max_age_ms: maxAgeMs, rows } };
}

/** Further columns of the row are kept beside the value: an author's own measurements. */
function readSql(expect: number | string, row: AnswerRow | undefined): Answer {
  if (row === undefined) {
    return { passed: false, summary: `the query gave no row, expected ${expect}`, measured: { value: null, expect } };
  }
  const [value = null, ...others] = [...row.values()].map((one) => (one === null ? null : shortened(one)));
  const passed = value !== null && (value === String(expect) || isSameNumber(value, expect));
  const names = [...row.keys()].slice(1);
  const more = names.map((name, index) => [name, others[index] ?? null] as const).filter(([name]) => name !== 'value');
  const found = value === null ? 'nothing (NULL)' : value;
  const detail = more.length === 0 || passed ? '' : ` (${more.map(([name, one]) => `${name}: ${one}`).join(', ')})`;
  return {
    passed,
    summary: passed ? `the query gave ${found}, as expected` : `the query gave ${found}, expected ${expect}${detail}`,
    measured: { ...Object.fromEntries(more), value: typeof expect === 'number' ? asNumber(value) : value, expect },
  };
}

function isSameNumber(value: string, expect: number | string): boolean {
  return typeof expect === 'number' && value.trim() !== '' && Number(value) === expect;
}

/** As a number when it is one that JSON can carry without loss. */
function asNumber(value: string | null): string | number | null {
  const number = Number(value);
  return value === null || value.trim() === '' || !Number.isFinite(number) || Math.abs(number) > 2 ** 53
    ? value
    : number;
}

function count(row: AnswerRow | undefined, name: string): number {
  return Number(row?.get(name) ?? 0);
}

function firstKeys(row: AnswerRow | undefined): readonly string[] {
  return (JSON.parse(row?.get('first_keys') ?? '[]') as readonly string[]).map(shortened);
}

function listed(first: readonly string[], all: number): string {
  return all > first.length ? `${first.join(', ')}, … (the first ${keptKeys} of ${people(all)})` : first.join(', ');
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

function column(ref: ColumnRef): string {
  return `${ref.table}.${ref.column}`;
}

function people(number: number): string {
  return number.toLocaleString('en-US');
}

/** Two units at most: `3 d 4 h`, `90 s` as `1 min 30 s`. */
function duration(durationMs: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1_000],
  ] as const;
  const parts: string[] = [];
  let rest = durationMs;
  for (const [name, lengthMs] of units) {
    const whole = Math.floor(rest / lengthMs);
    rest -= whole * lengthMs;
    if (whole > 0) parts.push(`${whole} ${name}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? `${durationMs} ms` : parts.join(' ');
}
