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
  description: { shape: prose, describes: 'What it means when the check fails, for whoever reads that.' },
  after: {
    shape: namesOf(locatedName, taskNames),
    describes:
      'The check runs as soon as these tasks are done; absent: at the end of the run, or at its start when it holds back tasks.',
    absent: [],
  },
  before: {
    shape: namesOf(locatedName, taskNames),
    describes: 'These tasks start only when the check has passed.',
    absent: [],
  },
  on_fail: {
    shape: oneOf(['fail', 'warn']),
    describes: 'Whether a failed check makes the run fail or only warns.',
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
  timeout: { shape: duration({ zero: false }), describes: 'How long one attempt may take.', absent: defaults.timeout },
  retries: {
    shape: wholeNumber(0, 1_000),
    describes: 'How many further attempts follow an error that may pass, such as a database that does not answer.',
    synonym: 'retry_count',
    absent: defaults.retries,
  },
  backoff: { shape: checkBackoff, describes: 'How long to wait before a retry.' },
} as const;

export type CommonFields = RecordOf<typeof common>;
