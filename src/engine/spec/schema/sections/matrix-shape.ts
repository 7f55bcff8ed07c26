import { formatDefaults } from '../../format-defaults.ts';
import { reportError } from '../../report-error.ts';
import { forbiddenKeys, type SourceRange, type YamlMap } from '../../yaml/yaml-node.ts';
import { either } from '../either-shape.ts';
import { namesOf } from '../list-shapes.ts';
import { locatedName, paramNameRule } from '../name-shapes.ts';
import { type RecordOf, record } from '../record-shape.ts';
import { type LocatedText, literal, locatedText, oneOf } from '../scalar-shapes.ts';
import { isNull, numberOf, reportType, reportValue, type Shape, textSchema, type ValueOf } from '../shape.ts';
import { withoutPlaceholders } from '../without-placeholders.ts';
import { outputPath } from './output-path.ts';

const printable = /^\P{Cc}+$/u;

/** For people who know rows of values, or the `include` and `exclude` of other tools. */
const oneByOne =
  'a matrix is run for every combination of its values; to choose some, write them as the values of one key: pair: [a-1, b-2]';

/** A value becomes a part of a name and a variable, so that it holds something, and no line break. */
const printableValue: Shape<LocatedText> = {
  schema: {
    anyOf: [
      textSchema(printable, 'text without line breaks and control characters'),
      { type: 'number' },
      { type: 'boolean' },
    ],
  },
  read: (node, label, report) => {
    if (node.kind === 'map') return reportType(report, node, label, 'text', oneByOne);
    const read = literal.read(node, label, report);
    if (read === undefined || printable.test(read.text)) return read;
    const what = read.text === '' ? 'is empty' : 'contains a line break or another control character';
    return reportValue(report, node, `${label} ${what}`, 'values become parts of names: load[season=2023]');
  },
};

const value = withoutPlaceholders(
  printableValue,
  ({ text }) => text,
  ({ kind, written }) =>
    kind === 'param'
      ? `for the values of that parameter, write ${written} in place of the list`
      : 'list the values themselves',
);

const linesFields = {
  lines: { shape: outputPath, describes: 'A file with one value per line.', required: true },
  from: { shape: locatedName, describes: 'The task that writes the file.', required: true },
} as const;

const values = either({
  wanted: `a list of values, "\${param:NAME}", or a mapping with "lines" and "from"`,
  text: locatedText({
    wanted: `"\${param:NAME}"`,
    pattern: /^\$\{param:[a-z][a-z0-9_]*\}$/,
    form: `a list of values, or "\${param:NAME}"`,
  }),
  list: namesOf(value, { wanted: 'a list of values', each: 'each value', min: 1 }),
  map: record('the lines of a file', linesFields),
});

export type MatrixValuesRecord = ValueOf<typeof values>;

const settings = {
  order: {
    shape: oneOf(['parallel', 'sequential']),
    describes: 'sequential: each instance waits until the previous one has ended, even if it failed.',
    absent: formatDefaults.matrix.order,
  },
  max_failures: {
    shape: failureLimit(),
    describes: 'When more instances than this (or a larger share) have failed, no more instances start.',
  },
} as const;

type Settings = RecordOf<typeof settings>;

export type MatrixRecord = {
  readonly keys: readonly {
    readonly name: string;
    readonly at: SourceRange;
    readonly values: MatrixValuesRecord | undefined;
  }[];
  readonly order?: Settings['order'];
  readonly maxFailures?: Settings['max_failures'];
  readonly node: YamlMap;
};

const named = record('a matrix', settings);

/** The keys of a matrix with their values, and its settings among them. */
export const matrix: Shape<MatrixRecord> = {
  schema: {
    type: 'object',
    properties: (named.schema as { readonly properties: unknown }).properties,
    propertyNames: { pattern: paramNameRule.pattern.source, not: { enum: [...forbiddenKeys] } },
    additionalProperties: values.schema,
    not: { propertyNames: { enum: Object.keys(settings) } },
  },
  read: (node, label, report) => {
    if (node.kind !== 'map') return reportType(report, node, label, 'a mapping of keys to lists of values');
    const isSetting = (key: string) => Object.hasOwn(settings, key);
    const own = { ...node, entries: node.entries.filter(({ key }) => isSetting(key)) };
    const { order, max_failures: maxFailures } = named.read(own, label, report) ?? {};
    const keys = node.entries.filter(({ key }) => !isSetting(key));
    if (keys.length === 0 && node.complete) {
      const at = { start: node.start, end: node.start + 1 };
      return reportValue(report, at, `${label} has no key with values`, 'write matrix: { season: [2023, 2024] }');
    }
    return {
      keys: keys.map(({ key, at, value: child }) => {
        if (!paramNameRule.pattern.test(key)) {
          reportError(report, {
            code: 'spec/bad-name',
            at,
            message: `"${key}" is not a valid name`,
            hint: paramNameRule.form,
          });
        }
        return { name: key, at, values: values.read(child, `"${key}"`, report) };
      }),
      ...(order === undefined ? {} : { order }),
      ...(maxFailures === undefined ? {} : { maxFailures }),
      node,
    };
  },
};

/** A number of failures, or a share: `10`, `5%`. */
function failureLimit(): Shape<{ readonly count: number } | { readonly share: number }> {
  const wanted = 'a whole number, or a percentage such as 5%';
  const percentage = /^(?:100|\d{1,2})%$/;
  return {
    schema: {
      anyOf: [
        { type: 'integer', minimum: 0, maximum: 10_000 },
        { type: 'string', pattern: percentage.source },
      ],
    },
    read: (node, label, report) => {
      if (node.kind === 'scalar' && percentage.test(node.text)) return { share: Number(node.text.slice(0, -1)) / 100 };
      const count = numberOf(node);
      if (node.kind !== 'scalar' || isNull(node) || count === undefined) return reportType(report, node, label, wanted);
      if (Number.isInteger(count) && count >= 0 && count <= 10_000) return { count };
      return reportValue(report, node, `${label} must be ${wanted}, not ${node.text}`);
    },
  };
}
