import { listOf } from '../schema/list-shapes.ts';
import { prose } from '../schema/name-shapes.ts';
import { type Field, type RecordOf, record } from '../schema/record-shape.ts';
import { type LocatedText, literal, locatedText, oneOf } from '../schema/scalar-shapes.ts';
import { booleanOf, type JsonSchema, reportType, reportValue, type Shape, textOf } from '../schema/shape.ts';
import { completeness, deadline, maxAge, moment, priority } from './request-values.ts';

const type: Shape<'data_refresh_request'> = {
  schema: { const: 'data_refresh_request' },
  read: (node, label, report) => {
    const written = textOf(node);
    if (written === undefined) return reportType(report, node, label, '"data_refresh_request"');
    if (written === 'data_refresh_request') return written;
    const hint = /^data.refresh.request$/i.test(written)
      ? 'write data_refresh_request'
      : 'only data refresh requests are supported';
    return reportValue(report, node, `${label} must be "data_refresh_request", not "${written}"`, hint);
  },
};

const word = locatedText({ wanted: 'a word' });
const listed = listOf(word, { wanted: 'a list of words', each: 'each of them', min: 1 });

/** A list, or a single text; either may hold several words, which only the pipeline can tell apart. */
const words: Shape<readonly LocatedText[]> = {
  schema: { anyOf: [{ type: 'string', pattern: '\\S' }, listed.schema] },
  read: (node, label, report) => {
    if (node.kind === 'list') return listed.read(node, label, report);
    const whole = word.read(node, label, report);
    return whole === undefined ? undefined : [whole];
  },
};

const checkNames = listOf(locatedText({ wanted: 'the name of a check' }), {
  wanted: 'a list of checks',
  each: 'each check',
  min: 1,
});

const validate: Shape<boolean | readonly LocatedText[]> = {
  schema: { anyOf: [{ type: 'boolean' }, { enum: ['all', 'none'] }, checkNames.schema] },
  read: (node, label, report) => {
    if (node.kind === 'list') return checkNames.read(node, label, report);
    const value = booleanOf(node) ?? { all: true, none: false }[textOf(node) ?? ''];
    if (value !== undefined) return value;
    const name = textOf(node);
    const hint = name === undefined ? undefined : /^(?:yes|on)$/i.test(name) ? 'write true' : `write [${name}]`;
    return reportType(report, node, label, 'true, false or a list of checks', hint);
  },
};

const listOfValues = listOf(literal, { wanted: 'a list of values', each: 'each value', min: 1 });

const values: Shape<readonly LocatedText[]> = {
  schema: { anyOf: [literal.schema, listOfValues.schema] },
  read: (node, label, report) => {
    if (node.kind === 'list') return listOfValues.read(node, label, report);
    const value = literal.read(node, label, report);
    return value === undefined ? undefined : [value];
  },
};

const requestFields = {
  type: { shape: type, describes: 'The type of the document.', required: true },
  id: { shape: prose, describes: 'The name of the request; the answer repeats it.' },
  from: { shape: prose, describes: 'The team that makes the request and gets the answer.', required: true },
  to: { shape: prose, describes: 'The team that receives the request.' },
  note: { shape: prose, describes: 'For people.' },
  priority: { shape: priority, describes: 'Urgent requests are carried out first.', absent: 'normal' },
  created_at: { shape: moment, describes: 'When the request was made, with time zone.' },
  deadline: {
    shape: deadline,
    describes: 'When the data is needed: a date and time with time zone, or a duration after "created_at".',
  },
  if_late: {
    shape: oneOf(['run', 'refuse']),
    describes: 'What happens if the deadline cannot be met.',
    absent: 'run',
  },
  scope: {
    shape: words,
    describes: 'What to refresh: scope words of the pipeline, tasks or levels. Default: everything.',
  },
  freshness: { shape: maxAge, describes: 'How old the data may be: "< 24 hours".' },
  completeness: { shape: completeness, describes: 'Whether the data must be complete: "100%".' },
  validate: {
    shape: validate,
    describes: 'Which checks run: all checks of the tasks that run (true), only the necessary ones (false), or these.',
    absent: true,
  },
  expected_deliverables: { shape: words, describes: 'What to deliver. Default: everything in the scope.' },
} as const;

export type RequestRecord = RecordOf<typeof requestFields>;

/** A request to a pipeline that declares these keys of its own, none of which is one of the format; their values are in the record under these names. */
export function requestShape(keys: readonly string[]): Shape<RequestRecord> {
  const own: Record<string, Field<unknown>> = {};
  for (const key of keys) own[key] = { shape: values, describes: 'A value, or a list of values.' };
  return record('a request', { ...requestFields, ...own }) as Shape<RequestRecord>;
}

/** The values of a key that the pipeline declares. */
export function valuesOf(read: RequestRecord, key: string): readonly LocatedText[] | undefined {
  return (read as unknown as Readonly<Record<string, readonly LocatedText[] | undefined>>)[key];
}

/** Keys that have a meaning in every request. */
export const requestKeys: readonly string[] = Object.keys(requestFields);

/** The JSON Schema of requests to any pipeline: further keys are those that a pipeline declares in `requests.params`. */
export function requestSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'data_refresh_request',
    ...record('a request', requestFields).schema,
    additionalProperties: { description: 'A value, or a list of values.', ...values.schema },
  };
}
