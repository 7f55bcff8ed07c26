import pg from 'pg';
import { canonicalDecimal, numberOrText } from '../../../model/text/exact-decimal.ts';
import type { CheckKind, DefinitionOf, FormatOnServer } from './check-kind.ts';
import { type ResultCell, truncateValue } from './result-row.ts';
import { refuseStatement } from './sql-statement.ts';

/** OIDs of the numeric types in `pg_type`; PostgreSQL never changes the OIDs of its own types. */
const numericTypes: ReadonlySet<number> = new Set([20, 21, 23, 26, 700, 701, 1700]);

const textArray = 1009;
const parseTextArray: (text: string) => readonly (string | null)[] = pg.types.getTypeParser(textArray as never);

/** Types, by OID, whose values have several notations; only the server knows them all. */
const typesWithSeveralNotations: ReadonlyMap<number, string> = new Map([
  [16, 'boolean'],
  [1082, 'date'],
  [1083, 'time'],
  [1114, 'timestamp'],
  [1184, 'timestamptz'],
  [1186, 'interval'],
  [2950, 'uuid'],
]);

/**
 * Compares the first column of the first row: numbers by their exact value, points in time and booleans by their
 * meaning, everything else as text. Further columns are kept as measurements of the author.
 */
export const sql: CheckKind<'sql'> = {
  refuse: ({ sql: statement }) => refuseStatement(statement),
  sql: ({ sql: statement }) => statement,
  evaluate: async ({ expect }, row, { formatOnServer }) => {
    const expected = expect === null ? 'NULL' : String(expect);
    const [first, ...others] = row ?? [];
    if (first === undefined) {
      const gave = row === undefined ? 'no row' : 'a row without columns';
      const measured = { value: null, expect };
      return { passed: false, summary: `the query gave ${gave}, expected ${expected}`, measured };
    }
    const passed = await isExpected(first, expect, formatOnServer);
    const more = withUniqueNames(others);
    const found = first.value === null ? 'NULL' : truncateValue(first.value);
    const number = numericTypes.has(first.type) && first.value !== null ? Number(first.value) : Number.NaN;
    return {
      passed,
      summary: passed
        ? `the query gave ${found}, as expected`
        : `the query gave ${found}, expected ${expected}${detailOf(more)}`,
      measured: { ...Object.fromEntries(more), value: measuredValue(first), expect },
      ...(Number.isFinite(number) ? { value: number } : {}),
    };
  },
};

async function isExpected(
  { type, value }: ResultCell,
  expect: DefinitionOf<'sql'>['expect'],
  formatOnServer: FormatOnServer,
): Promise<boolean> {
  if (value === null || expect === null) return value === expect;
  const text = String(expect);
  if (value === text) return true;
  if (numericTypes.has(type)) {
    const exact = canonicalDecimal(text);
    return exact !== undefined && exact === canonicalDecimal(value);
  }
  const typeName = typesWithSeveralNotations.get(type);
  if (typeName === undefined) return false;
  return value === (await formatOnServer(text, typeName).catch(() => undefined));
}

function measuredValue({ type, value }: ResultCell): string | number | null {
  if (value === null) return null;
  return numericTypes.has(type) ? numberOrText(value) : truncateValue(value);
}

type Measurement = readonly [name: string, value: string | null | readonly string[]];

/** The further columns for the summary: lists, which name what is wrong, after a colon, and all else in parentheses. */
function detailOf(more: readonly Measurement[]): string {
  const lists = more.flatMap(([, value]) => (Array.isArray(value) && value.length > 0 ? [value.join(', ')] : []));
  const single = more.flatMap(([name, value]) => (Array.isArray(value) ? [] : [`${name}: ${value ?? 'NULL'}`]));
  return (single.length === 0 ? '' : ` (${single.join(', ')})`) + (lists.length === 0 ? '' : `: ${lists.join('; ')}`);
}

/** An array of texts is a list. */
function measurementOf({ type, value }: ResultCell): Measurement[1] {
  if (value === null) return null;
  if (type !== textArray) return truncateValue(value);
  return parseTextArray(value).map((item) => truncateValue(item ?? 'NULL'));
}

/** Gives each column a name of its own, and none that the result uses itself. */
function withUniqueNames(cells: readonly ResultCell[]): readonly Measurement[] {
  const taken = new Set(['value', 'expect']);
  return cells.map((cell) => {
    const { name } = cell;
    let free = name;
    for (let count = 2; taken.has(free); count += 1) free = `${name}_${count}`;
    taken.add(free);
    return [free, measurementOf(cell)] as const;
  });
}
