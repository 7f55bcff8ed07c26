import pg from 'pg';
import { queryWithDeadline } from '../connection/client-deadlines.ts';
import { contentDeadlineMs, nameOf, rowText } from './read-content.ts';
import type { ComparedTable, RowDifference, RowExample, RowValues } from './table-content.ts';

const { escapeIdentifier } = pg;

const buckets = 1_024;
/** More rows than this are not fetched from either side; with more, the counts are the least that differ. */
const maxFetched = 200_000;
const maxExamples = 5;
/** Rows that are fetched whole, of which the first by their keys are shown. */
const maxWhole = 100;
const longestValue = 200;

type Side = { readonly client: pg.Client; readonly table: ComparedTable };
type Wanted = { readonly columns: readonly string[]; readonly key: readonly string[] };

/** By the hash of a key, the hashes of its rows and how many copies of each there are. */
type Rows = ReadonlyMap<string, ReadonlyMap<string, number>>;

/**
 * The rows in which two tables differ, in memory that does not grow with the tables:
 * 1. Both sides sum the hashes of their rows in 1,024 buckets, chosen by the hash of the key (of the row without a key).
 * 2. From the buckets that differ, the hashes of keys and rows are fetched and compared.
 * 3. Of some of the rows that differ, the values are fetched.
 */
export async function findRowDifferences(expected: Side, found: Side, wanted: Wanted): Promise<RowDifference> {
  const [before, after] = await Promise.all([sumsOf(expected, wanted), sumsOf(found, wanted)]);
  const differing = [...new Set([...before.keys(), ...after.keys()])].filter(
    (bucket) => before.get(bucket)?.sum !== after.get(bucket)?.sum,
  );
  const chosen: number[] = [];
  let rows = 0;
  for (const bucket of differing) {
    rows += Math.max(before.get(bucket)?.rows ?? 0, after.get(bucket)?.rows ?? 0);
    if (chosen.length > 0 && rows > maxFetched) break;
    chosen.push(bucket);
  }
  const [old, now] = await Promise.all([hashesIn(expected, wanted, chosen), hashesIn(found, wanted, chosen)]);
  const sorted = sortOut(old, now);
  const { counts } = sorted;
  const examples = await examplesOf(expected, found, wanted, sorted);
  return { ...counts, isComplete: chosen.length === differing.length, examples };
}

type Kind = RowExample['kind'];
type Sorted = {
  readonly counts: Readonly<Record<Kind, number>>;
  readonly keys: Readonly<Record<Kind, readonly string[]>>;
  readonly copies: ReadonlyMap<string, { readonly expected: number; readonly found: number }>;
};

function sortOut(old: Rows, now: Rows): Sorted {
  const counts = { missing: 0, added: 0, changed: 0, repeated: 0 };
  const keys: Record<Kind, string[]> = { missing: [], added: [], changed: [], repeated: [] };
  const copies = new Map<string, { expected: number; found: number }>();
  const note = (kind: Kind, key: string, count: number) => {
    if (count <= 0) return;
    counts[kind] += count;
    keys[kind].push(key);
  };
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const before = old.get(key) ?? new Map<string, number>();
    const after = now.get(key) ?? new Map<string, number>();
    let lost = 0;
    let fresh = 0;
    let repeated = 0;
    for (const row of new Set([...before.keys(), ...after.keys()])) {
      const was = before.get(row) ?? 0;
      const is = after.get(row) ?? 0;
      if (is < was) lost += was - is;
      else if (was > 0) repeated += is - was;
      else fresh += is;
      if (was > 0 && is > was) copies.set(key, { expected: was, found: is });
    }
    const changed = Math.min(lost, fresh);
    note('changed', key, changed);
    note('missing', key, lost - changed);
    note('added', key, fresh - changed);
    note('repeated', key, repeated);
  }
  return { counts, keys, copies };
}

async function examplesOf(expected: Side, found: Side, wanted: Wanted, sorted: Sorted): Promise<readonly RowExample[]> {
  const { keys, copies } = sorted;
  const fetched = (kinds: readonly Kind[]) => kinds.flatMap((kind) => keys[kind].slice(0, maxWhole));
  const [old, now] = await Promise.all([
    valuesOf(expected, wanted, fetched(['missing', 'changed', 'repeated'])),
    valuesOf(found, wanted, fetched(['added', 'changed'])),
  ]);
  const pick = (values: ReadonlyMap<string, RowValues>, kind: Kind) =>
    keys[kind]
      .slice(0, maxWhole)
      .flatMap((key) => (values.has(key) ? [{ key, row: values.get(key)! }] : []))
      .sort((a, b) => compareRows(a.row, b.row, wanted))
      .slice(0, maxExamples);
  return [
    ...pick(old, 'repeated').map(({ key, row }) => ({ kind: 'repeated' as const, row, ...copies.get(key)! })),
    ...pick(old, 'missing').map(({ row }) => ({ kind: 'missing' as const, row })),
    ...pick(now, 'added').map(({ row }) => ({ kind: 'added' as const, row })),
    ...pick(old, 'changed').map(({ key, row }) => changedRow(row, now.get(key) ?? {}, wanted)),
  ];
}

function changedRow(before: RowValues, after: RowValues, { key, columns }: Wanted): RowExample {
  const differing = columns.filter((column) => before[column] !== after[column]);
  const only = (row: RowValues, names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
  return { kind: 'changed', key: only(before, key), expected: only(before, differing), found: only(after, differing) };
}

/** Numbers by their size, so that row 2 comes before row 10. */
function compareRows(a: RowValues, b: RowValues, { key, columns }: Wanted): number {
  for (const column of key.length > 0 ? key : columns) {
    const order = (a[column] ?? '').localeCompare(b[column] ?? '', 'en', { numeric: true });
    if (order !== 0) return order;
  }
  return 0;
}

async function sumsOf(side: Side, wanted: Wanted) {
  const rows = await queryWithDeadline<{ bucket: number; rows: string; sum: string }>(
    side.client,
    contentDeadlineMs,
    `SELECT bucket, count(*) AS rows, sum(h) AS sum
     FROM (SELECT ${bucketOf(wanted)} AS bucket, ${hashOf(rowText(wanted.columns))}::numeric AS h FROM ${nameOf(side.table)}) hashes
     GROUP BY 1`,
  );
  return new Map(rows.map(({ bucket, rows, sum }) => [bucket, { rows: Number(rows), sum: `${rows}:${sum}` }]));
}

async function hashesIn(side: Side, wanted: Wanted, chosen: readonly number[]): Promise<Rows> {
  const rows = await queryWithDeadline<{ k: string; h: string; copies: number }>(
    side.client,
    contentDeadlineMs,
    `SELECT k::text AS k, h::text AS h, count(*)::int AS copies
     FROM (SELECT ${hashOf(keyText(wanted))} AS k, ${hashOf(rowText(wanted.columns))} AS h FROM ${nameOf(side.table)}
       WHERE ${bucketOf(wanted)} = ANY ($1::int[])) hashes GROUP BY 1, 2`,
    [chosen],
  );
  const byKey = new Map<string, Map<string, number>>();
  for (const { k, h, copies } of rows) {
    const ofKey = byKey.get(k) ?? new Map<string, number>();
    byKey.set(k, ofKey.set(h, copies));
  }
  return byKey;
}

async function valuesOf(side: Side, wanted: Wanted, keys: readonly string[]): Promise<ReadonlyMap<string, RowValues>> {
  if (keys.length === 0) return new Map();
  const { columns } = wanted;
  const texts = columns.map((column) => `left(${escapeIdentifier(column)}::text, ${longestValue})`);
  const rows = await queryWithDeadline<{ k: string; texts: (string | null)[] }>(
    side.client,
    contentDeadlineMs,
    `SELECT DISTINCT ON (k) k::text AS k, texts
     FROM (SELECT ${hashOf(keyText(wanted))} AS k, ARRAY[${texts.join(', ')}]::text[] AS texts FROM ${nameOf(side.table)}) all_rows
     WHERE k = ANY ($1::bigint[])`,
    [keys],
  );
  return new Map(
    rows.map(({ k, texts }) => [k, Object.fromEntries(columns.map((column, at) => [column, texts[at] ?? null]))]),
  );
}

function keyText({ key, columns }: Wanted): string {
  return rowText(key.length > 0 ? key : columns);
}

function bucketOf(wanted: Wanted): string {
  return `(${hashOf(keyText(wanted))} & ${buckets - 1})::int`;
}

function hashOf(text: string): string {
  return `hashtextextended(${text}, 0)`;
}
