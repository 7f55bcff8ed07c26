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
    describes: 'Each further delay is this many times longer.',
    absent: backoffDefaults.factor,
  },
  max: { shape: duration({ zero: true }), describes: 'No delay is longer than this.', absent: backoffDefaults.max },
  jitter: {
    shape: flag,
    describes: 'Whether delays vary, so that tasks do not retry at the same moment.',
    absent: backoffDefaults.jitter,
  },
} as const;

/** How long a check waits before a retry. */
export const checkBackoff = record('a backoff', delayFields);

const backoffFields = {
  ...delayFields,
  max_retry_after: {
    shape: duration({ zero: true }),
    describes: 'No delay that a task asks for (retry_after_seconds) is longer than this.',
    absent: backoffDefaults.max_retry_after,
  },
} as const;

const retryOnFields = {
  exit_codes: {
    shape: listOf(wholeNumber(1, 255), { wanted: 'a list of exit codes', each: 'each exit code', min: 1 }),
    describes: 'Only failures with these exit codes are retried.',
  },
  output: {
    shape: listOf(prose, { wanted: 'a list of texts', each: 'each text', min: 1 }),
    describes: 'Only failures whose last lines of output contain one of these texts are retried.',
  },
} as const;

const fallbackFields = {
  command: { shape: command, describes: 'What runs when every attempt has failed.', required: true },
  note: { shape: prose, describes: 'What replaces the result, for readers: "odds of yesterday".', required: true },
  fresh: {
    shape: flag,
    describes: 'Whether what it provides is as new as what the task would have provided.',
    absent: fallbackDefaults.fresh,
  },
} as const;

const variableFile = locatedText({ wanted: 'the path of a file' });

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
    describes:
      'An attempt that takes longer is ended and counts as failed. A percentage is one of the median of earlier runs.',
    synonym: 'timeout_seconds',
    absent: taskDefaults.timeout,
  },
  idle_timeout: {
    shape: duration({ zero: false }),
    describes: 'An attempt that neither prints nor reports anything for this time is ended and counts as failed.',
  },
  retries: {
    shape: wholeNumber(0, 1_000, retriesHint),
    describes: 'How many further attempts follow a failed one.',
    synonym: 'retry_count',
    absent: taskDefaults.retries,
  },
  backoff: { shape: record('a backoff', backoffFields), describes: 'How long to wait before a retry.' },
  kill_grace: {
    shape: duration({ zero: true }),
    describes: 'The time between SIGTERM and SIGKILL when a task is ended.',
    absent: taskDefaults.kill_grace,
  },
  isolation: {
    shape: oneOf(['none', 'pid']),
    describes:
      'pid: each attempt runs in a PID namespace of its own, so that no process can outlive it, whatever it does. Linux only.',
    absent: taskDefaults.isolation,
  },
  retry_on: { shape: record('"retry_on"', retryOnFields), describes: 'Which failures are retried; absent: all.' },
  dir: {
    shape: locatedProjectPath,
    describes:
      'Where the task runs, relative to the project directory; the directory must be there when the run starts.',
    absent: taskDefaults.dir,
  },
  env_file: {
    shape: variableFiles,
    describes:
      'Files of variables (NAME=value a line), relative to the project directory. Their values are secrets. A later file wins, and "env" wins over all.',
  },
  shell: {
    shape: shell,
    describes: 'What the text of a command is given to: the name of a shell, or a program with its arguments.',
    absent: taskDefaults.shell,
  },
} as const;

const setupFields = {
  teardown: {
    shape: locatedName,
    describes: 'The task that runs when everything downstream has ended, whatever happened, if this one has begun.',
    required: true,
  },
} as const;

const optionalFields = {
  description: { shape: prose, describes: 'A description of the task.' },
  dependencies: {
    shape: namesOf(locatedName, { wanted: 'a list of task names', each: 'each dependency' }),
    describes: 'Tasks that must be done before this one starts.',
    absent: [],
  },
  ...defaultableFields,
  pools: {
    shape: namesOf(locatedName, { wanted: 'a list of pool names', each: 'each pool' }),
    describes: 'Pools of which the task holds one place while it runs.',
    absent: [],
  },
  connections: {
    shape: wholeNumber(0, 10_000),
    describes: 'Database connections that the task may hold at once.',
    absent: taskDefaults.connections,
  },
  cpu: {
    shape: decimal(0, 1_000, coresHint),
    describes: 'How many cores the task keeps busy; absent: as measured in earlier runs.',
  },
  memory: {
    shape: size({ zero: false }),
    describes: 'How much memory the task needs at most; absent: as measured in earlier runs.',
  },
  critical: {
    shape: flag,
    describes: 'When it fails after all its retries, nothing new is started.',
    absent: taskDefaults.critical,
  },
  env: { shape: env, describes: 'Variables for this task, added to those of the pipeline.' },
  fallback: { shape: record('a fallback', fallbackFields), describes: 'What runs when every attempt has failed.' },
  only_if: {
    shape: command,
    describes:
      'Asked before the task starts: exit code 0 runs it, 1 means that it is not needed, anything else is a failure.',
  },
  otherwise: {
    shape: oneOf(['continue', 'stop']),
    describes: 'When it is not needed: its downstream runs (continue), or is not needed either (stop).',
    absent: conditionDefaults.otherwise,
  },
  wait_for: { shape: waitFor, describes: 'Something outside the run that has to happen before the task starts.' },
  use_last_good: {
    shape: flag,
    describes:
      'When everything has failed, downstream goes on with what an earlier run has loaded, marked as stale. Only for tasks that leave that as it was when they fail.',
    absent: taskDefaults.use_last_good,
  },
  inputs: {
    shape: listOf(outputPath, { wanted: 'a list of paths', each: 'each input', min: 1 }),
    describes:
      'Files that the task reads, relative to the project directory, or in that of the run: $ETL_RUN_DIR/x.csv; * ? and ** make patterns. By them a run knows whether the task may be reused.',
  },
  outputs: {
    shape: listOf(outputPath, { wanted: 'a list of paths', each: 'each output' }),
    describes:
      'Files that the task must have written, relative to the project directory, or in that of the run: $ETL_RUN_DIR/x.csv; * ? and ** make patterns.',
    absent: [],
  },
  matrix: { shape: matrix, describes: 'Values for which the task is run: once for each combination.' },
  reuse: {
    shape: flag,
    describes:
      'Whether the task is left out when nothing has changed since its last success; absent: with run --reuse, if it declares inputs or outputs.',
  },
  notify: { shape: notifications, describes: 'Who is told how this task ended, at the end of the run.' },
  run_when: {
    shape: oneOf(['always', 'on_failure']),
    describes:
      'The task runs at the end of the run, when all others have ended, also after Ctrl-C; on_failure: only when the run has not succeeded.',
  },
  continue_on_failure: {
    shape: flag,
    describes: 'When it fails after all its retries, downstream runs all the same, and the run does not fail.',
    absent: taskDefaults.continue_on_failure,
  },
  setup: {
    shape: record('a setup', setupFields),
    describes: 'The task sets something up for its downstream; whoever runs a part of that runs it as well.',
  },
} as const;

const commandField = {
  shape: command,
  describes: 'What runs: a text goes to bash -eo pipefail, or to its "shell"; a list is started without a shell.',
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
