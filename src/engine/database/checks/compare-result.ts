import { exactDecimal, numberOrText } from '../../model/exact-decimal.ts';
import type { CheckDefinition } from '../../model/pipeline.ts';
import { type CheckEvaluation, type ResultCell, type ResultRow, shortened } from './result-row.ts';

type Expectation = Extract<CheckDefinition, { readonly kind: 'sql' }>['expect'];

/** By their number in `pg_type`, as PostgreSQL's own catalog fixes it. */
const numericTypes: ReadonlySet<number> = new Set([20, 21, 23, 26, 700, 701, 1700]);

/** Types of which one value may be written in many ways, which only the server knows all. */
const spelledTypes: ReadonlyMap<number, string> = new Map([
  [16, 'boolean'],
  [1082, 'date'],
  [1083, 'time'],
  [1114, 'timestamp'],
  [1184, 'timestamptz'],
  [1186, 'interval'],
  [2950, 'uuid'],
]);

/** Gives a value of the named type as the server itself writes it. Rejects when the text is no such value. */
export type Spell = (text: string, type: string) => Promise<string | undefined>;

/**
 * Compares the first column of the first row: numbers by their exact value, points in time and booleans by what they
 * mean, everything else letter by letter. Further columns are kept beside it: an author's own measurements.
 */
export async function compareResult(
  expect: Expectation,
  row: ResultRow | undefined,
  spell: Spell,
): Promise<CheckEvaluation> {
  const expected = expect === null ? 'NULL' : String(expect);
  const [first, ...others] = row ?? [];
  if (first === undefined) {
    const gave = row === undefined ? 'no row' : 'a row without columns';
    return {
      passed: false,
      summary: `the query gave ${gave}, expected ${expected}`,
      measured: { value: null, expect },
    };
  }
  const passed = await isExpected(first, expect, spell);
  const more = named(others);
  const detail =
    passed || more.length === 0 ? '' : ` (${more.map(([name, one]) => `${name}: ${one ?? 'NULL'}`).join(', ')})`;
  const found = first.value === null ? 'NULL' : shortened(first.value);
  return {
    passed,
    summary: passed ? `the query gave ${found}, as expected` : `the query gave ${found}, expected ${expected}${detail}`,
    measured: { ...Object.fromEntries(more), value: measuredValue(first), expect },
  };
}

async function isExpected({ type, value }: ResultCell, expect: Expectation, spell: Spell): Promise<boolean> {
  if (value === null || expect === null) return value === expect;
  const text = String(expect);
  if (value === text) return true;
  if (numericTypes.has(type)) {
    const exact = exactDecimal(text);
    return exact !== undefined && exact === exactDecimal(value);
  }
  const spelled = spelledTypes.get(type);
  if (spelled === undefined) return false;
  return value === (await spell(text, spelled).catch(() => undefined));
}

function measuredValue({ type, value }: ResultCell): string | number | null {
  if (value === null) return null;
  return numericTypes.has(type) ? numberOrText(value) : shortened(value);
}

/** Each column under a name of its own, and none under a name that the result itself uses. */
function named(cells: readonly ResultCell[]): readonly (readonly [string, string | null])[] {
  const taken = new Set(['value', 'expect']);
  return cells.map(({ name, value }) => {
    let free = name;
    for (let count = 2; taken.has(free); count += 1) free = `${name}_${count}`;
    taken.add(free);
    return [free, value === null ? null : shortened(value)] as const;
  });
}
