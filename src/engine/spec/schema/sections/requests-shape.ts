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
    describes: 'How several values are passed: 2023,2024 (list), 2023-2024 (range), or only one value (value).',
    absent: defaults.as,
  },
} as const;

const deliverableFields = {
  description: { shape: prose, describes: 'A description of the deliverable.' },
  table: { shape: table, describes: 'The table of the deliverable.' },
  file: { shape: projectPath, describes: 'The file of the deliverable, relative to the project directory.' },
  tasks: { shape: tasks, describes: 'The tasks that produce it.', required: true },
  checks: { shape: checks, describes: 'The checks that must pass.', absent: [] },
} as const;

const requestsFields = {
  scopes: {
    shape: mappingOf(tasksOrLevels, nameRule, {
      wanted: 'a mapping of words to tasks or levels',
      each: (word) => `"${word}"`,
    }),
    describes: 'Words that a request may use in its scope, in addition to the names of tasks and levels.',
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
    describes: 'Keys of a request that set parameters of the pipeline; a request can set no other parameters.',
  },
  freshness: {
    shape: mappingOf(column, nameRule, {
      wanted: 'a mapping of tasks to columns with timestamps',
      each: (task) => `"${task}"`,
    }),
    describes: 'The column with the time of the last update of the data of a task.',
  },
  completeness: { shape: checks, describes: 'The checks that fail if data is missing.', absent: [] },
  deliverables: {
    shape: mappingOf(record('a deliverable', deliverableFields), nameRule, {
      wanted: 'a mapping of names to deliverables',
      each: (name) => `deliverable "${name}"`,
    }),
    describes: 'What a request can ask for, and the checks that prove it.',
  },
} as const;

export const requests = record('"requests"', requestsFields);
export type RequestsRecord = RecordOf<typeof requestsFields>;
