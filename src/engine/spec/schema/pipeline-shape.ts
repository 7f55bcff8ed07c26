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
    return reportValue(report, node, `the file has version ${value}, but this etl-tui supports only version 1`);
  },
};

const { limits: limitDefaults } = formatDefaults;

const limitFields = {
  max_parallel: {
    shape: wordOrWholeNumber('auto', 1, 1_000),
    describes: 'The maximum number of tasks that run at once; auto: as many as the machine allows.',
    absent: limitDefaults.max_parallel,
  },
  cpu: {
    shape: fraction,
    describes: 'Above this CPU usage, fewer tasks start.',
    absent: limitDefaults.cpu,
  },
  memory: {
    shape: fraction,
    describes: 'Above this memory usage, fewer tasks start.',
    absent: limitDefaults.memory,
  },
  db_connections: {
    shape: fraction,
    describes: 'The share of the database connections that tasks and checks may use together.',
    absent: limitDefaults.db_connections,
  },
  disk_free: {
    shape: size({ zero: true }),
    describes: 'With less free space than this, no task is started.',
    absent: limitDefaults.disk_free,
  },
  run: {
    shape: duration({ zero: false }),
    describes: 'The timeout of the run; a run that takes longer is stopped and fails.',
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
      'Files with more tasks, pools, params, env, secrets and checks. Paths are relative to the directory of this file.',
  },
  params: { shape: params, describes: 'Parameters of a run, set with -p NAME=VALUE.' },
  env: { shape: env, describes: 'Environment variables of every task.' },
  secrets: {
    shape: namesOf(locatedVariable, { wanted: 'a list of variables and parameters', each: 'each secret' }),
    describes:
      'Variables and parameters whose values are masked, in addition to those with names such as PASSWORD or TOKEN.',
    absent: [],
  },
  pools: {
    shape: mappingOf(wholeNumber(0, 1_000_000), nameRule, {
      wanted: 'a mapping of pool names to sizes',
      each: (pool) => `pool "${pool}"`,
    }),
    describes: 'The number of slots of each pool: how many of its tasks may run at once.',
  },
  tasks: { shape: registry, describes: 'All tasks, by name.' },
  checks: { shape: checks, describes: 'Checks of the data in the database.' },
} as const;

/** The file as a whole. */
const pipelineFields = {
  name: { shape: name, describes: 'The name of the pipeline. Default: the name of the file.' },
  ...sharedFields,
  env_file: {
    shape: variableFiles,
    describes:
      'Env files (NAME=value lines) for the whole run, relative to the project directory. Their values are secrets. A later file wins.',
  },
  shell: {
    shape: shell,
    describes: 'The shell that runs commands given as text, unless "defaults" or a task sets another one.',
    absent: formatDefaults.task.shell,
  },
  defaults: { shape: record('"defaults"', defaultableFields), describes: 'Default values for the keys of tasks.' },
  limits: { shape: record('"limits"', limitFields), describes: 'Limits of the resources of a run.' },
  pipelines: { shape: levels, describes: 'Levels: groups of tasks, in order.' },
  slas: { shape: slas, describes: 'Service levels (SLAs) of a run.' },
  handoffs: { shape: handoffs, describes: 'Hand-offs: files for other teams.' },
  notify: { shape: notifications, describes: 'Notifications at the end of a run.' },
  requests: { shape: requests, describes: 'How requests of other teams are carried out.' },
  retention: { shape: retention, describes: 'Which old runs are deleted at the end of a run.' },
  verify: { shape: verify, describes: 'What etl-tui verify ignores.' },
} as const;

export const pipeline = record('the file', pipelineFields);

export type PipelineRecord = RecordOf<typeof pipelineFields>;

export const includedFile = record('an included file', sharedFields);

export type IncludedRecord = RecordOf<typeof sharedFields>;
