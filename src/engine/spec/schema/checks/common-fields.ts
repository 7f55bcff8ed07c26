import { formatDefaults } from '../../format-defaults.ts';
import { duration } from '../duration-shape.ts';
import { either } from '../either-shape.ts';
import { namesOf } from '../list-shapes.ts';
import { locatedName, prose } from '../name-shapes.ts';
import type { RecordOf } from '../record-shape.ts';
import { flag, oneOf, wholeNumber } from '../scalar-shapes.ts';
import { checkBackoff } from '../sections/task-shape.ts';

const { check: defaults } = formatDefaults;

const taskNames = { wanted: 'a list of task names', each: 'each task' } as const;

/** The keys that a check of any kind may have. */
export const common = {
  name: { shape: locatedName, describes: 'The name of the check.', required: true },
  description: { shape: prose, describes: 'What a failure of the check means, for people.' },
  after: {
    shape: namesOf(locatedName, taskNames),
    describes:
      'The check runs when these tasks have finished. Default: at the end of the run; a gate runs at the start.',
    absent: [],
  },
  before: {
    shape: namesOf(locatedName, taskNames),
    describes: 'These tasks wait until the check has passed.',
    absent: [],
  },
  on_fail: {
    shape: oneOf(['fail', 'warn']),
    describes: 'Whether a failed check fails the run (fail) or only warns (warn).',
    absent: defaults.on_fail,
  },
  gate: {
    shape: either({
      wanted: 'true, false or a list of task names',
      text: flag,
      list: namesOf(locatedName, { ...taskNames, min: 1 }),
    }),
    describes:
      'Whether the tasks downstream of "after" wait until the check has passed; a list: only these tasks wait for it.',
    absent: defaults.gate,
  },
  timeout: { shape: duration({ zero: false }), describes: 'The timeout of one attempt.', absent: defaults.timeout },
  retries: {
    shape: wholeNumber(0, 1_000),
    describes: 'The number of retries after a temporary error, such as a database that does not answer.',
    synonym: 'retry_count',
    absent: defaults.retries,
  },
  backoff: { shape: checkBackoff, describes: 'The delay before a retry.' },
} as const;

export type CommonFields = RecordOf<typeof common>;
