import { formatDefaults } from '../format-defaults.ts';
import { checks } from './checks/check-shape.ts';
import { shell } from './command-shape.ts';
import { duration } from './duration-shape.ts';
import { either } from './either-shape.ts';
import { mappingOf, namesOf } from './list-shapes.ts';
import { locatedVariable, name, nameRule, prose } from './name-shapes.ts';
import { type RecordOf, record } from './record-shape.ts';
import { fraction, locatedText, wholeNumber, wordOrWholeNumber } from './scalar-shapes.ts';
import { handoffs, notifications } from './sections/handoff-shape.ts';
import { levels } from './sections/level-shape.ts';
import { params } from './sections/param-shape.ts';
import { requests } from './sections/requests-shape.ts';
import { retention } from './sections/retention-shape.ts';
import { slas } from './sections/sla-shape.ts';
import { defaultableFields, env, registry, variableFiles } from './sections/task-shape.ts';
import { verify } from './sections/verify-shape.ts';
import { numberOf, reportType, reportValue, type Shape } from './shape.ts';
import { size } from './size-shape.ts';

const version: Shape<1> = {
  schema: { const: 1 },
  read: (node, label, report) => {
    const value = numberOf(node);
    if (value === 1) return 1;
    if (value === undefined) return reportType(report, node, label, 'the number 1');
    return reportValue(report, node, `this is a file of version ${value}, and only version 1 is known`);
  },
};

const { limits: limitDefaults } = formatDefaults;

const limitFields = {
  max_parallel: {
    shape: wordOrWholeNumber('auto', 1, 1_000),
    describes: 'How many tasks may run at once; auto: as many as the machine bears.',
    absent: limitDefaults.max_parallel,
  },
  cpu: {
    shape: fraction,
    describes: 'Above this share of the processors fewer tasks are started.',
    absent: limitDefaults.cpu,
  },
  memory: {
    shape: fraction,
    describes: 'Above this share of the memory fewer tasks are started.',
    absent: limitDefaults.memory,
  },
  db_connections: {
    shape: fraction,
    describes: 'The share of the database connections that tasks and checks may hold together.',
    absent: limitDefaults.db_connections,
  },
  disk_free: {
    shape: size({ zero: true }),
    describes: 'With less free space than this, no task is started.',
    absent: limitDefaults.disk_free,
  },
  run: {
    shape: duration({ zero: false }),
    describes: 'A run that takes longer is ended, and has failed.',
  },
} as const;

const includedPath = locatedText({ wanted: 'the path of a file' });

/** What a file that another includes may have. */
const sharedFields = {
  version: { shape: version, describes: 'The version of the format.', absent: 1 },
  description: { shape: prose, describes: 'A description of the pipeline.' },
  include: {
    shape: either({
      wanted: 'the path of a file, or a list of them',
      text: includedPath,
      list: namesOf(includedPath, { wanted: 'a list of paths', each: 'each file' }),
    }),
    describes:
      'Files whose tasks, pools, params, env, secrets and checks are added to those of this one; paths are relative to its directory.',
  },
  params: { shape: params, describes: 'Values that a run may be given (-p NAME=VALUE).' },
  env: { shape: env, describes: 'Variables for every task.' },
  secrets: {
    shape: namesOf(locatedVariable, { wanted: 'a list of variables and parameters', each: 'each secret' }),
    describes: 'Variables and parameters whose values are masked, beside those whose names say that they are secret.',
    absent: [],
  },
  pools: {
    shape: mappingOf(wholeNumber(0, 1_000_000), nameRule, {
      wanted: 'a mapping of pool names to sizes',
      each: (pool) => `pool "${pool}"`,
    }),
    describes: 'How many running tasks may hold each pool at once.',
  },
  tasks: { shape: registry, describes: 'The registry: every task by its name.' },
  checks: { shape: checks, describes: 'Checks of the data in the database.' },
} as const;

/** The file as a whole. */
const pipelineFields = {
  name: { shape: name, describes: 'The name of the pipeline; absent: that of the file.' },
  ...sharedFields,
  env_file: {
    shape: variableFiles,
    describes:
      'Files of variables (NAME=value a line) for the whole run, relative to the project directory. Their values are secrets. A later file wins.',
  },
  shell: {
    shape: shell,
    describes: 'What the text of every command is given to, unless "defaults" or a task says otherwise.',
    absent: formatDefaults.task.shell,
  },
  defaults: { shape: record('"defaults"', defaultableFields), describes: 'Defaults for keys that a task leaves out.' },
  limits: { shape: record('"limits"', limitFields), describes: 'Limits on what the run may use.' },
  pipelines: { shape: levels, describes: 'Levels, which group and order tasks.' },
  slas: { shape: slas, describes: 'Targets that a run must meet.' },
  handoffs: { shape: handoffs, describes: 'Files for other teams.' },
  notify: { shape: notifications, describes: 'Who is told when a run has ended.' },
  requests: { shape: requests, describes: 'What requests of other teams mean.' },
  retention: { shape: retention, describes: 'Which runs of the pipeline are deleted at the end of a run.' },
  verify: { shape: verify, describes: 'What etl-tui verify does not compare.' },
} as const;

export const pipeline = record('the file', pipelineFields);

export type PipelineRecord = RecordOf<typeof pipelineFields>;

export const includedFile = record('an included file', sharedFields);

export type IncludedRecord = RecordOf<typeof sharedFields>;
