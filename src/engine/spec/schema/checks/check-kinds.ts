import type { CheckDefinition } from '../../../model/pipeline/pipeline.ts';
import { formatDefaults } from '../../format-defaults.ts';
import { type Report, reportError } from '../../report-error.ts';
import { command, commandOf } from '../command-shape.ts';
import { duration } from '../duration-shape.ts';
import { listOf } from '../list-shapes.ts';
import { prose } from '../name-shapes.ts';
import { type Fields, type RecordOf, record, valueRange } from '../record-shape.ts';
import { literal, oneOf, wholeNumber } from '../scalar-shapes.ts';
import { requires, type Shape } from '../shape.ts';
import { withoutPlaceholders } from '../without-placeholders.ts';
import { type CommonFields, common } from './common-fields.ts';
import { column, columns, table } from './table-shapes.ts';
import { bound, expectation, percent } from './value-shapes.ts';

/** A check as far as it could be read; without a definition its mistakes have been reported. */
export type CheckRecord = { readonly fields: CommonFields; readonly definition: CheckDefinition | undefined };

/** Checks of the database get no values of the run. */
const fixed = <Value>(shape: Shape<Value>, textOf: (value: Value) => string) =>
  withoutPlaceholders(
    shape,
    textOf,
    ({ variable }) => `let a "command" compare it, which finds the value in the environment variable ${variable}`,
  );
const sql = fixed(prose, (text) => text);
const expected = fixed(expectation, String);
const end = fixed(bound, String);
const where = { shape: sql, describes: 'An SQL condition; only the rows that match it are checked.' } as const;
const anyTable = { shape: table, describes: 'The table to check.', required: true } as const;
const rows = wholeNumber(0, Number.MAX_SAFE_INTEGER);

/**
 * The keys of each kind of check, and the definition that they make; undefined when a key is missing or wrong, which has
 * been reported then. A new kind needs an entry here, one in `database/checks/kinds`, and its type in `model/pipeline/pipeline.ts`.
 */
export const checkKinds: { readonly [Kind in CheckDefinition['kind']]: Shape<CheckRecord> } = {
  references: checkKind(
    'references',
    'a "references" check',
    {
      child: { shape: column, describes: 'The column whose values must exist in "parent".', required: true },
      parent: { shape: column, describes: 'The column with all allowed values.', required: true },
      where,
    },
    ({ child, parent, where }) => child && parent && { kind: 'references', child, parent, ...filter(where) },
  ),
  unique: checkKind(
    'unique',
    'a "unique" check',
    {
      table: anyTable,
      columns: { shape: columns, describes: 'No two rows share the values of these columns.', required: true },
      where,
    },
    ({ table, columns, where }) => table && columns && { kind: 'unique', table, columns, ...filter(where) },
  ),
  not_null: checkKind(
    'not_null',
    'a "not_null" check',
    {
      table: anyTable,
      columns: { shape: columns, describes: 'No row has a NULL in one of these columns.', required: true },
      where,
    },
    ({ table, columns, where }) => table && columns && { kind: 'not_null', table, columns, ...filter(where) },
  ),
  accepted_values: checkKind(
    'accepted_values',
    'an "accepted_values" check',
    {
      column: { shape: column, describes: 'The column to check.', required: true },
      values: {
        shape: listOf(
          fixed(literal, ({ text }) => text),
          { wanted: 'a list of values', each: 'each value', min: 1 },
        ),
        describes: 'The allowed values.',
        required: true,
      },
      where,
    },
    ({ column, values, where }) =>
      column && values && { kind: 'accepted_values', column, values: values.map(({ text }) => text), ...filter(where) },
  ),
  range: checkKind(
    'range',
    'a "range" check',
    {
      column: { shape: column, describes: 'The column to check.', required: true },
      min: { shape: end, describes: 'No value is below this.' },
      max: { shape: end, describes: 'No value is above this.' },
      where,
    },
    ({ column, min, max, where }) => column && { kind: 'range', column, ...bounds(min, max), ...filter(where) },
    ['min', 'max'],
  ),
  row_count: checkKind(
    'row_count',
    'a "row_count" check',
    {
      table: anyTable,
      min: { shape: rows, describes: 'The minimum number of rows.' },
      max: { shape: rows, describes: 'The maximum number of rows.' },
      within: {
        shape: percent,
        describes: 'How much the number of rows may differ from the median of past runs with the same parameters.',
      },
      where,
    },
    ({ table, min, max, within, where }) =>
      table && {
        kind: 'row_count',
        table,
        ...bounds(min, max),
        ...(within === undefined ? {} : { within }),
        ...filter(where),
      },
    ['min', 'max', 'within'],
  ),
  same_count: checkKind(
    'same_count',
    'a "same_count" check',
    {
      left: {
        shape: table,
        describes: 'One of the two tables that must have the same number of rows.',
        required: true,
      },
      right: { shape: table, describes: 'The other table.', required: true },
      where,
    },
    ({ left, right, where }) => left && right && { kind: 'same_count', left, right, ...filter(where) },
  ),
  freshness: checkKind(
    'freshness',
    'a "freshness" check',
    {
      column: { shape: column, describes: 'A column with dates or timestamps.', required: true },
      max_age: { shape: duration({ zero: false }), describes: 'The maximum age of its newest value.', required: true },
      where,
    },
    ({ column, max_age, where }) =>
      column && max_age && { kind: 'freshness', column, maxAgeMs: max_age, ...filter(where) },
  ),
  sql: checkKind(
    'sql',
    'an "sql" check',
    {
      sql: {
        shape: sql,
        describes: 'One statement; the first column of its first row is compared.',
        required: true,
      },
      expect: { shape: expected, describes: 'The expected value.', absent: formatDefaults.check.expect },
    },
    ({ sql, expect = formatDefaults.check.expect }) => sql && { kind: 'sql', sql, expect },
  ),
  command: checkKind(
    'command',
    'a "command" check',
    {
      command: {
        shape: command,
        describes:
          'The command: text runs in bash -eo pipefail or in the "shell" of the file; a list runs without a shell.',
        required: true,
      },
      expect: {
        shape: expected,
        describes:
          'The expected first cell of the output. Without it, exit code 0 passes, 1 fails, and any other is an error.',
      },
    },
    ({ command, expect }) =>
      command && { kind: 'command', command: commandOf(command), ...(expect === undefined ? {} : { expect }) },
  ),
};

function filter(where: string | undefined): { readonly where?: string } {
  return where === undefined ? {} : { where };
}

function bounds<Value>(min: Value | undefined, max: Value | undefined): { readonly min?: Value; readonly max?: Value } {
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

/**
 * @param noun what messages call a check of this kind
 * @param anyOf keys of which at least one must be there
 */
function checkKind<Kind extends CheckDefinition['kind'], Own extends Fields>(
  kind: Kind,
  noun: string,
  own: Own,
  define: (fields: RecordOf<Own>) => CheckDefinition | '' | 0 | undefined,
  anyOf: readonly string[] = [],
): Shape<CheckRecord> {
  const fields = { kind: { shape: oneOf<Kind>([kind]), describes: 'The kind of the check.' }, ...common, ...own };
  const shape = record(noun, fields);
  return {
    schema: { ...shape.schema, ...(anyOf.length === 0 ? {} : { anyOf: anyOf.map((key) => requires(key)) }) },
    read: (node, label, report) => {
      const read = shape.read(node, label, report);
      if (read === undefined) return undefined;
      reportBounds(read as CommonFields, label, anyOf, report);
      return { fields: read as CommonFields, definition: define(read as RecordOf<Own>) || undefined };
    },
  };
}

function reportBounds(fields: CommonFields, label: string, anyOf: readonly string[], report: Report): void {
  const { node } = fields;
  const { min, max } = fields as { readonly min?: unknown; readonly max?: unknown };
  if (anyOf.length > 0 && node.complete && !node.entries.some(({ key }) => anyOf.includes(key))) {
    const at = node.entries[0]?.at ?? { start: node.start, end: node.start + 1 };
    const keys = anyOf.map((key) => `"${key}"`).join(' or ');
    reportError(report, { code: 'spec/missing-key', at, message: `${label} has no ${keys}`, hint: 'give one of them' });
  }
  if (typeof min === 'number' && typeof max === 'number' && min > max) {
    const message = `"min" is ${min} but "max" is ${max}, so nothing could pass`;
    reportError(report, { code: 'spec/bad-value', at: valueRange(node, 'min'), message });
  }
}
