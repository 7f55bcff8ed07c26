import type { CheckDefinition, ColumnRef } from '../../model/pipeline/pipeline.ts';
import { numberOrText } from '../../model/text/exact-decimal.ts';
import { formatDefaults } from '../format-defaults.ts';
import { type Report, reportError } from '../report-error.ts';
import type { YamlMap } from '../yaml/yaml-node.ts';
import { duration } from './duration-shape.ts';
import { listOf, namesOf } from './list-shapes.ts';
import { locatedName, prose } from './name-shapes.ts';
import { type Fields, type RecordOf, record } from './record-shape.ts';
import { flag, oneOf, text } from './scalar-shapes.ts';
import { booleanOf, isNull, numberOf, reportType, type Shape, textOf } from './shape.ts';

const identifier = '[\\p{L}_][\\p{L}\\p{N}_$]*';
const table = text({
  wanted: 'a table',
  pattern: new RegExp(`^${identifier}(\\.${identifier})?$`, 'u'),
  form: '"table" or "schema.table"',
});
const column = text({
  wanted: 'a column',
  pattern: new RegExp(`^${identifier}(\\.${identifier}){1,2}$`, 'u'),
  form: '"table.column" or "schema.table.column"',
});
const bareColumn = text({
  wanted: 'a column',
  pattern: new RegExp(`^${identifier}$`, 'u'),
  form: 'the bare name of a column',
});

const { check: defaults } = formatDefaults;

const common = {
  name: { shape: locatedName, describes: 'The name of the check.', required: true },
  after: {
    shape: namesOf(locatedName, { wanted: 'a list of task names', each: 'each task' }),
    describes: 'The check runs as soon as these tasks are done; absent: at the end of the run.',
    absent: [],
  },
  on_fail: {
    shape: oneOf(['fail', 'warn']),
    describes: 'Whether a failed check makes the run fail or only warns.',
    absent: defaults.on_fail,
  },
  gate: {
    shape: flag,
    describes: 'Whether the tasks downstream of "after" wait until the check has passed.',
    absent: defaults.gate,
  },
  timeout: { shape: duration({ zero: false }), describes: 'How long the query may take.', absent: defaults.timeout },
} as const;

const expectation: Shape<number | string | null> = {
  schema: { type: ['number', 'string', 'boolean', 'null'] },
  read: (node, label, report) => {
    if (node.kind === 'scalar' && isNull(node)) return null;
    if (node.kind === 'scalar' && numberOf(node) !== undefined) return numberOrText(node.text);
    return (
      booleanOf(node)?.toString() ??
      textOf(node) ??
      reportType(report, node, label, 'a number, a text, true, false or null')
    );
  },
};

/**
 * The keys of each kind of check, and the definition that they make; undefined when a key is missing or wrong, which has
 * been reported then. A new kind needs an entry here, one in `database/checks/kinds`, and its type in `model/pipeline/pipeline.ts`.
 */
const checkKinds: { readonly [Kind in CheckDefinition['kind']]: Shape<CheckRecord> } = {
  references: checkKind(
    'references',
    'a "references" check',
    {
      child: { shape: column, describes: 'The column whose values must exist in "parent".', required: true },
      parent: { shape: column, describes: 'The column that holds every allowed value.', required: true },
    },
    ({ child, parent }) =>
      child && parent && { kind: 'references', child: splitColumn(child), parent: splitColumn(parent) },
  ),
  unique: checkKind(
    'unique',
    'a "unique" check',
    {
      table: { shape: table, describes: 'The table to check.', required: true },
      columns: {
        shape: listOf(bareColumn, { wanted: 'a list of columns', each: 'each column', min: 1 }),
        describes: 'No two rows share the values of these columns.',
        required: true,
      },
    },
    (fields) => fields.table && fields.columns && { kind: 'unique', table: fields.table, columns: fields.columns },
  ),
  same_count: checkKind(
    'same_count',
    'a "same_count" check',
    {
      left: { shape: table, describes: 'One of two tables with the same number of rows.', required: true },
      right: { shape: table, describes: 'The other table.', required: true },
    },
    ({ left, right }) => left && right && { kind: 'same_count', left, right },
  ),
  freshness: checkKind(
    'freshness',
    'a "freshness" check',
    {
      column: { shape: column, describes: 'A column of points in time.', required: true },
      max_age: { shape: duration({ zero: false }), describes: 'How old its newest value may be.', required: true },
    },
    (fields) =>
      fields.column &&
      fields.max_age && { kind: 'freshness', column: splitColumn(fields.column), maxAgeMs: fields.max_age },
  ),
  sql: checkKind(
    'sql',
    'an "sql" check',
    {
      sql: {
        shape: prose,
        describes: 'One statement; the first column of its first row is compared.',
        required: true,
      },
      expect: { shape: expectation, describes: 'The value that it must return.', absent: defaults.expect },
    },
    ({ sql, expect = defaults.expect }) => sql && { kind: 'sql', sql, expect },
  ),
};

/** `noun` is what messages call a check of this kind. */
function checkKind<Kind extends CheckDefinition['kind'], Own extends Fields>(
  kind: Kind,
  noun: string,
  own: Own,
  define: (fields: RecordOf<Own>) => CheckDefinition | '' | 0 | undefined,
): Shape<CheckRecord> {
  const fields = { kind: { shape: oneOf<Kind>([kind]), describes: 'What the check tests.' }, ...common, ...own };
  const shape = record(noun, fields);
  return {
    schema: shape.schema,
    read: (node, label, report) => {
      const read = shape.read(node, label, report);
      if (read === undefined) return undefined;
      return { fields: read as CommonFields, definition: define(read as RecordOf<Own>) || undefined };
    },
  };
}

type CommonFields = RecordOf<typeof common>;

/** A check as far as it could be read; without a definition its mistakes have been reported. */
export type CheckRecord = { readonly fields: CommonFields; readonly definition: CheckDefinition | undefined };

function splitColumn(path: string): ColumnRef {
  const dot = path.lastIndexOf('.');
  return { table: path.slice(0, dot), column: path.slice(dot + 1) };
}

type CheckKind = CheckDefinition['kind'];

const kinds = Object.keys(checkKinds) as [CheckKind, ...CheckKind[]];
const anyKind = oneOf(kinds);

/** A check of any kind; one with the key `sql` and no `kind` is an `sql` check. */
const check: Shape<CheckRecord> = {
  schema: {
    anyOf: kinds.map((kind) => {
      const { schema } = checkKinds[kind];
      const required = kind === 'sql' ? ['name', 'sql'] : ['kind', ...(schema['required'] as readonly string[])];
      return { ...schema, required };
    }),
  },
  read: (node, label, report) => {
    if (node.kind !== 'map') return reportType(report, node, label, 'a mapping of keys and values');
    const kind = kindOf(node, report);
    return kind === undefined ? undefined : checkKinds[kind].read(node, checkLabel(node), report);
  },
};

export const checks = listOf(check, { wanted: 'a list of checks', each: 'each check' });

function kindOf(node: YamlMap, report: Report): CheckKind | undefined {
  const given = node.entries.find((entry) => entry.key === 'kind');
  if (given !== undefined) return anyKind.read(given.value, '"kind"', report);
  if (node.entries.some((entry) => entry.key === 'sql')) return 'sql';
  if (!node.complete) return undefined;
  const at = node.entries[0]?.at ?? { start: node.start, end: node.start + 1 };
  const hint = `it may be ${kinds.join(', ')}`;
  reportError(report, { code: 'spec/missing-key', at, message: `${checkLabel(node)} has no "kind"`, hint });
  return undefined;
}

function checkLabel(node: YamlMap): string {
  const name = node.entries.find((entry) => entry.key === 'name')?.value;
  return name?.kind === 'scalar' ? `check "${name.text}"` : 'a check';
}
