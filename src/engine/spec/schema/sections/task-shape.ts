import { formatDefaults } from '../../format-defaults.ts';
import { command, shell } from '../command-shape.ts';
import { duration } from '../duration-shape.ts';
import { either } from '../either-shape.ts';
import { listOf, mappingOf, namesOf } from '../list-shapes.ts';
import { locatedName, nameRule, prose, variableNameRule } from '../name-shapes.ts';
import { type RecordOf, record } from '../record-shape.ts';
import { decimal, flag, literal, locatedText, oneOf, wholeNumber } from '../scalar-shapes.ts';
import { size } from '../size-shape.ts';
import { timeout } from '../timeout-shape.ts';
import { withoutPlaceholders } from '../without-placeholders.ts';
import { waitFor } from './condition-shape.ts';
import { notifications } from './handoff-shape.ts';
import { matrix } from './matrix-shape.ts';
import { outputPath } from './output-path.ts';
import { locatedProjectPath } from './project-path.ts';
import { coresHint, retriesHint } from './task-hints.ts';

export const env = mappingOf(literal, variableNameRule, {
  wanted: 'a mapping of variables to values',
  each: (variable) => `"${variable}"`,
});

const {
  task: taskDefaults,
  backoff: backoffDefaults,
  fallback: fallbackDefaults,
  condition: conditionDefaults,
} = formatDefaults;

const delayFields = {
  initial: {
    shape: duration({ zero: true }),
    describes: 'The delay before the first retry.',
    absent: backoffDefaults.initial,
  },
  factor: {
    shape: decimal(1, 100),
    describes: 'The factor by which each further delay grows.',
    absent: backoffDefaults.factor,
  },
  max: { shape: duration({ zero: true }), describes: 'The maximum delay.', absent: backoffDefaults.max },
  jitter: {
    shape: flag,
    describes: 'Whether delays vary at random, so that tasks do not retry at the same moment.',
    absent: backoffDefaults.jitter,
  },
} as const;

/** How long a check waits before a retry. */
export const checkBackoff = record('a backoff', delayFields);

const backoffFields = {
  ...delayFields,
  max_retry_after: {
    shape: duration({ zero: true }),
    describes: 'The maximum delay that a task can ask for with retry_after_seconds.',
    absent: backoffDefaults.max_retry_after,
  },
} as const;

const retryOnFields = {
  exit_codes: {
    shape: listOf(wholeNumber(1, 255), { wanted: 'a list of exit codes', each: 'each exit code', min: 1 }),
    describes: 'Retry only failures with these exit codes.',
  },
  output: {
    shape: listOf(prose, { wanted: 'a list of texts', each: 'each text', min: 1 }),
    describes: 'Retry only failures whose last output lines contain one of these texts.',
  },
} as const;

const fallbackFields = {
  command: { shape: command, describes: 'The command that runs when every attempt has failed.', required: true },
  note: { shape: prose, describes: 'A label for the replaced result, such as "odds of yesterday".', required: true },
  fresh: {
    shape: flag,
    describes: 'Whether the data of the fallback is as fresh as the data of the task.',
    absent: fallbackDefaults.fresh,
  },
} as const;

const variableFile = withoutPlaceholders(
  locatedText({ wanted: 'the path of a file' }),
  ({ text }) => text,
  () => 'name a file that is the same in every run',
);

/** One file of variables, or several, of which a later one wins. */
export const variableFiles = either({
  wanted: 'the path of a file, or a list of them',
  text: variableFile,
  list: listOf(variableFile, { wanted: 'a list of paths', each: 'each file' }),
});

/** The keys that both `defaults` and a task may have. */
export const defaultableFields = {
  timeout: {
    shape: timeout,
    describes: 'The timeout of an attempt. A percentage is relative to the median duration of earlier runs.',
    synonym: 'timeout_seconds',
    absent: taskDefaults.timeout,
  },
  idle_timeout: {
    shape: duration({ zero: false }),
    describes: 'The timeout of an attempt without output: after this time without output or report, the attempt fails.',
  },
  retries: {
    shape: wholeNumber(0, 1_000, retriesHint),
    describes: 'The number of retries after a failed attempt.',
    synonym: 'retry_count',
    absent: taskDefaults.retries,
  },
  backoff: { shape: record('a backoff', backoffFields), describes: 'The delay before a retry.' },
  kill_grace: {
    shape: duration({ zero: true }),
    describes: 'The time between SIGTERM and SIGKILL when a task is stopped.',
    absent: taskDefaults.kill_grace,
  },
  isolation: {
    shape: oneOf(['none', 'pid']),
    describes: 'pid: each attempt runs in its own PID namespace, so no process can outlive it. Linux only.',
    absent: taskDefaults.isolation,
  },
  labels: {
    shape: namesOf(locatedName, { wanted: 'a list of labels', each: 'each label' }),
    describes: 'The task runs only on hosts that have all of these labels. On this machine they decide nothing.',
    absent: [],
  },
  retry_on: { shape: record('"retry_on"', retryOnFields), describes: 'Which failures are retried. Default: all.' },
  dir: {
    shape: withoutPlaceholders(
      locatedProjectPath,
      ({ text }) => text,
      ({ variable }) => `let the command change it: cd "$${variable}"`,
    ),
    describes:
      'The working directory of the task, relative to the project directory. It must exist when the run starts.',
    absent: taskDefaults.dir,
  },
  env_file: {
    shape: variableFiles,
    describes:
      'Env files (NAME=value lines), relative to the project directory. Their values are secrets. A later file wins, and "env" wins over all.',
  },
  shell: {
    shape: shell,
    describes: 'The shell that runs commands given as text: its name, or a program with its arguments.',
    absent: taskDefaults.shell,
  },
} as const;

const setupFields = {
  teardown: {
    shape: locatedName,
    describes: 'The task that always runs when everything downstream has ended, if this task has started.',
    required: true,
  },
} as const;

const optionalFields = {
  description: { shape: prose, describes: 'A description of the task.' },
  dependencies: {
    shape: namesOf(locatedName, { wanted: 'a list of task names', each: 'each dependency' }),
    describes: 'Tasks that must finish before this task starts.',
    absent: [],
  },
  ...defaultableFields,
  pools: {
    shape: namesOf(locatedName, { wanted: 'a list of pool names', each: 'each pool' }),
    describes: 'Pools in which the task takes one slot while it runs.',
    absent: [],
  },
  connections: {
    shape: wholeNumber(0, 10_000),
    describes: 'The number of database connections that the task uses at once.',
    absent: taskDefaults.connections,
  },
  cpu: {
    shape: decimal(0, 1_000, coresHint),
    describes: 'The number of CPU cores that the task uses. Default: as measured in earlier runs.',
  },
  memory: {
    shape: size({ zero: false }),
    describes: 'The maximum memory of the task. Default: as measured in earlier runs.',
  },
  critical: {
    shape: flag,
    describes: 'If the task fails after all its retries, no new tasks start.',
    absent: taskDefaults.critical,
  },
  env: { shape: env, describes: 'Environment variables of this task, in addition to those of the pipeline.' },
  fallback: {
    shape: record('a fallback', fallbackFields),
    describes: 'The command that runs when every attempt has failed.',
  },
  only_if: {
    shape: command,
    describes:
      'A command that runs before the task: exit code 0 means that the task runs, 1 that it is not needed, any other is a failure.',
  },
  otherwise: {
    shape: oneOf(['continue', 'stop']),
    describes: 'If the task is not needed: its downstream runs (continue), or is not needed either (stop).',
    absent: conditionDefaults.otherwise,
  },
  wait_for: { shape: waitFor, describes: 'A condition outside the run that the task waits for.' },
  use_last_good: {
    shape: flag,
    describes:
      'If the task fails, its downstream uses the data of an earlier run, marked as stale. Only for tasks that keep the earlier data when they fail.',
    absent: taskDefaults.use_last_good,
  },
  inputs: {
    shape: listOf(outputPath, { wanted: 'a list of paths', each: 'each input', min: 1 }),
    describes:
      'Files that the task reads, relative to the project directory, or in the directory of the run: $ETL_RUN_DIR/x.csv. Patterns with * ? ** are allowed. If they have not changed, the task may be reused.',
  },
  outputs: {
    shape: listOf(outputPath, { wanted: 'a list of paths', each: 'each output' }),
    describes:
      'Files that the task must write, relative to the project directory, or in the directory of the run: $ETL_RUN_DIR/x.csv. Patterns with * ? ** are allowed.',
    absent: [],
  },
  matrix: { shape: matrix, describes: 'Values for which the task runs: once for each combination.' },
  reuse: {
    shape: flag,
    describes:
      'Whether the task is reused if nothing has changed since its last success. Default: only with run --reuse, if it has inputs or outputs.',
  },
  notify: { shape: notifications, describes: 'Notifications about this task, at the end of the run.' },
  run_when: {
    shape: oneOf(['always', 'on_failure']),
    describes:
      'always: the task runs at the end of the run, when all other tasks have ended, also after Ctrl-C; on_failure: only if the run has not succeeded.',
  },
  continue_on_failure: {
    shape: flag,
    describes: 'If the task fails after all its retries, its downstream still runs, and the run does not fail.',
    absent: taskDefaults.continue_on_failure,
  },
  setup: {
    shape: record('a setup', setupFields),
    describes: 'The task prepares something for its downstream; it always runs when a part of its downstream runs.',
  },
} as const;

const commandField = {
  shape: command,
  describes: 'The command: text runs in bash -eo pipefail or in the "shell" of the task; a list runs without a shell.',
} as const;

/** A task under `tasks:`, whose key is its name. */
const taskFields = { command: { ...commandField, required: true }, ...optionalFields } as const;
const task = record('a task', taskFields, 'command');

/** A task in the list of a level. One with nothing but a name refers to a task under `tasks:`. */
const inlineTaskFields = {
  name: { shape: locatedName, describes: 'The name of the task.', required: true },
  command: commandField,
  ...optionalFields,
} as const;
export const inlineTask = record('a task', inlineTaskFields);

export type TaskRecord = Omit<RecordOf<typeof inlineTaskFields>, 'name'>;
export type DefaultsRecord = RecordOf<typeof defaultableFields>;

export const registry = mappingOf(task, nameRule, {
  wanted: 'a mapping of task names to tasks',
  each: (taskName) => `task "${taskName}"`,
});
