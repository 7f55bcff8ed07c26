import { formatDefaults } from '../../format-defaults.ts';
import { column, table } from '../checks/table-shapes.ts';
import { either } from '../either-shape.ts';
import { mappingOf, namesOf } from '../list-shapes.ts';
import { locatedName, locatedVariable, nameRule, paramNameRule, prose } from '../name-shapes.ts';
import { type RecordOf, record } from '../record-shape.ts';
import { oneOf } from '../scalar-shapes.ts';
import { projectPath } from './project-path.ts';

const { requests: defaults } = formatDefaults;

const tasks = namesOf(locatedName, { wanted: 'a list of tasks', each: 'each task' });
const tasksOrLevels = namesOf(locatedName, { wanted: 'a list of tasks or levels', each: 'each of them', min: 1 });
const checks = namesOf(locatedName, { wanted: 'a list of checks', each: 'each check' });

const paramFields = {
  param: { shape: locatedVariable, describes: 'The parameter of the pipeline.', required: true },
  as: {
    shape: oneOf(['value', 'list', 'range']),
    describes: 'How several values become one: 2023,2024 (list), 2023-2024 (range), or not at all (value).',
    absent: defaults.as,
  },
} as const;

const deliverableFields = {
  description: { shape: prose, describes: 'A description of what is delivered.' },
  table: { shape: table, describes: 'The table in which it is.' },
  file: { shape: projectPath, describes: 'The file in which it is, relative to the project directory.' },
  tasks: { shape: tasks, describes: 'The tasks that make it.', required: true },
  checks: { shape: checks, describes: 'The checks that must pass.', absent: [] },
} as const;

const requestsFields = {
  scopes: {
    shape: mappingOf(tasksOrLevels, nameRule, {
      wanted: 'a mapping of words to tasks or levels',
      each: (word) => `"${word}"`,
    }),
    describes: 'Words that a request may use in its scope, beside the names of tasks and levels.',
  },
  params: {
    shape: mappingOf(
      either({
        wanted: 'the name of a parameter, or a mapping',
        text: locatedVariable,
        map: record('a key of requests', paramFields),
      }),
      paramNameRule,
      { wanted: 'a mapping of keys of a request to parameters', each: (key) => `"${key}"` },
    ),
    describes: 'Keys of a request whose values become parameters of the pipeline; no other can be set by a request.',
  },
  freshness: {
    shape: mappingOf(column, nameRule, {
      wanted: 'a mapping of tasks to columns of points in time',
      each: (task) => `"${task}"`,
    }),
    describes: 'The column that tells when the work of a task was last renewed.',
  },
  completeness: { shape: checks, describes: 'The checks that fail when something is missing.', absent: [] },
  deliverables: {
    shape: mappingOf(record('a deliverable', deliverableFields), nameRule, {
      wanted: 'a mapping of names to deliverables',
      each: (name) => `deliverable "${name}"`,
    }),
    describes: 'What a request may expect, and what shows that it is there and right.',
  },
} as const;

export const requests = record('"requests"', requestsFields);
export type RequestsRecord = RecordOf<typeof requestsFields>;
