import { formatDefaults } from '../../format-defaults.ts';
import { either } from '../either-shape.ts';
import { listOf, mappingOf, namesOf } from '../list-shapes.ts';
import { paramNameRule, prose } from '../name-shapes.ts';
import { type RecordOf, record } from '../record-shape.ts';
import { literal, locatedText, oneOf } from '../scalar-shapes.ts';

const value = either({
  wanted: 'text or a list',
  text: literal,
  list: listOf(literal, { wanted: 'a list of values', each: 'each value' }),
});

const typesOfOtherTools = {
  string: 'text',
  str: 'text',
  integer: 'int',
  number: 'int',
  boolean: 'bool',
  array: 'list',
  enum: 'choice',
  select: 'choice',
  day: 'date',
  timestamp: 'hour',
  datetime: 'hour',
} as const;

const paramFields = {
  type: {
    shape: oneOf(['text', 'date', 'month', 'hour', 'int', 'bool', 'list', 'choice'], typesOfOtherTools),
    describes: 'The type of its values: a date is 2024-01-31, a list separates values with commas.',
    absent: formatDefaults.param.type,
  },
  default: {
    shape: value,
    describes:
      'The default value; without it, a run must set the parameter. A date may also be today, yesterday or relative to the start, such as -3 days.',
  },
  timezone: {
    shape: locatedText({ wanted: 'the name of a time zone' }),
    describes: 'The time zone of dates, months and hours, such as Europe/Berlin.',
    absent: formatDefaults.param.timezone,
  },
  choices: {
    shape: namesOf(literal, { wanted: 'a list of values', each: 'each choice', min: 1 }),
    describes: 'The allowed values of a parameter with "type: choice".',
  },
  pattern: { shape: prose, describes: 'A regular expression that the value must match; for a list, each value.' },
  description: { shape: prose, describes: 'A description of the parameter.' },
} as const;

export const params = mappingOf(record('a parameter', paramFields), paramNameRule, {
  wanted: 'a mapping of parameter names to parameters',
  each: (param) => `parameter "${param}"`,
});

export type ParamRecord = RecordOf<typeof paramFields>;
