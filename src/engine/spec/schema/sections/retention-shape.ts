import { duration } from '../duration-shape.ts';
import { type RecordOf, record } from '../record-shape.ts';
import { wholeNumber } from '../scalar-shapes.ts';
import { size } from '../size-shape.ts';

const retentionFields = {
  keep_runs: {
    shape: wholeNumber(1, 1_000_000),
    describes: 'The number of runs to keep, the newest ones.',
  },
  older_than: {
    shape: duration({ zero: false, days: true }),
    describes: 'Runs older than this are deleted.',
  },
  max_size: {
    shape: size({ zero: false }),
    describes: 'The oldest runs are deleted until the rest takes at most this much disk space.',
  },
} as const;

export const retention = record('"retention"', retentionFields);

export type RetentionRecord = RecordOf<typeof retentionFields>;
