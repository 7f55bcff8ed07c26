import { formatDefaults } from '../../format-defaults.ts';
import { reportError } from '../../report-error.ts';
import { command } from '../command-shape.ts';
import { duration } from '../duration-shape.ts';
import { namesOf } from '../list-shapes.ts';
import { paramNameRule } from '../name-shapes.ts';
import { type RecordOf, record, valueRange } from '../record-shape.ts';
import { locatedText, oneOf, text } from '../scalar-shapes.ts';
import { requires, type Shape } from '../shape.ts';
import { withoutPlaceholders } from '../without-placeholders.ts';

const { condition: defaults } = formatDefaults;

const parameterName = locatedText({
  wanted: 'the name of a parameter',
  pattern: paramNameRule.pattern,
  form: 'the name of a parameter',
  code: 'spec/bad-name',
});

const otherPath = withoutPlaceholders(
  text({ wanted: 'a path' }),
  (path) => path,
  () => 'name a path that is the same in every run',
);

const waitForFields = {
  command: {
    shape: command,
    describes: 'A command that is repeated until it ends with exit code 0.',
  },
  file: {
    shape: locatedText({
      wanted: 'a path',
      pattern: /^(?!~)(?=.*\S).+$/,
      form: 'a path in the project or an absolute one, without "~"',
    }),
    describes: `A file that must exist, relative to the project directory or absolute. Patterns with * ? ** and values with \${param:…} and \${env:…} are allowed.`,
  },
  pipeline: {
    shape: otherPath,
    describes: 'Another pipeline that must have a successful run: its file, or the directory of its project.',
  },
  params: {
    shape: namesOf(parameterName, { wanted: 'a list of parameters', each: 'each parameter', min: 1 }),
    describes: 'Parameters that must have the same values in the run of the other pipeline.',
  },
  log_dir: {
    shape: otherPath,
    describes: 'The log directory of the other pipeline, relative to its project. Default: logs/etl.',
  },
  every: {
    shape: duration({ zero: false }),
    describes: 'The interval between two checks.',
    absent: defaults.every,
  },
  timeout: {
    shape: duration({ zero: false }),
    describes: 'How long the task waits at most.',
    absent: defaults.timeout,
  },
  on_timeout: {
    shape: oneOf(['fail', 'skip']),
    describes: 'What happens after the timeout: the task fails (fail), or is skipped and its downstream runs (skip).',
    absent: defaults.on_timeout,
  },
} as const;

export type WaitForRecord = RecordOf<typeof waitForFields>;

const awaited = ['command', 'file', 'pipeline'] as const;

/** Something outside the run that a task waits for: exactly one of a command, a file and a pipeline. */
export const waitFor = withOneAwaited(record('"wait_for"', waitForFields));

function withOneAwaited(shape: Shape<WaitForRecord>): Shape<WaitForRecord> {
  return {
    schema: {
      ...shape.schema,
      oneOf: awaited.map((key) => requires(key)),
      dependentRequired: { pipeline: ['params'], params: ['pipeline'], log_dir: ['pipeline'] },
    },
    read: (node, label, report) => {
      const value = shape.read(node, label, report);
      if (value === undefined || node.kind !== 'map') return value;
      const has = (key: string) => node.entries.some((entry) => entry.key === key);
      const given = awaited.filter(has);
      const [first, second] = given;
      const start = { start: node.start, end: node.start + 1 };
      if (first === undefined && node.complete && node.entries.every(({ key }) => Object.hasOwn(waitForFields, key))) {
        const hint = 'add a command, a file or a pipeline';
        reportError(report, {
          code: 'spec/missing-key',
          at: start,
          message: '"wait_for" has no command, file or pipeline',
          hint,
        });
      } else if (second !== undefined) {
        const message = `"wait_for" has both "${first}" and "${second}"`;
        const hint = 'a task waits for one condition; use another task for the other';
        reportError(report, { code: 'spec/bad-value', at: valueRange(node, second), message, hint });
      }
      for (const key of ['params', 'log_dir']) {
        if (!has(key) || has('pipeline') || !node.complete) continue;
        const message = `"${key}" needs "pipeline"`;
        const hint = key === 'params' ? 'commands and paths get the parameters anyway' : 'remove it';
        reportError(report, { code: 'spec/bad-value', at: valueRange(node, key), message, hint });
      }
      if (has('pipeline') && !has('params') && node.complete) {
        const message = '"wait_for" names a pipeline without "params"';
        const hint = 'list the parameters that select its run: params: [day]';
        reportError(report, { code: 'spec/missing-key', at: valueRange(node, 'pipeline'), message, hint });
      }
      return value;
    },
  };
}
