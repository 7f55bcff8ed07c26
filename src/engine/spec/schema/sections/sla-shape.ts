import type { ShareBand } from '../../../model/pipeline/pipeline.ts';
import { formatDefaults } from '../../format-defaults.ts';
import { duration } from '../duration-shape.ts';
import { either } from '../either-shape.ts';
import { listOf, mappingOf } from '../list-shapes.ts';
import { nameRule } from '../name-shapes.ts';
import { type RecordOf, record } from '../record-shape.ts';
import { decimal, fraction, oneOf } from '../scalar-shapes.ts';
import { reportValue, type Shape } from '../shape.ts';
import { size } from '../size-shape.ts';

const upperBound: Shape<ShareBand> = {
  schema: fraction.schema,
  read: (node, label, report) => {
    const max = fraction.read(node, label, report);
    return max === undefined ? undefined : { max };
  },
};

const shares = listOf(fraction, { wanted: 'two shares', each: 'each share' });

const bothBounds: Shape<ShareBand> = {
  schema: { type: 'array', prefixItems: [fraction.schema, fraction.schema], minItems: 2, maxItems: 2 },
  read: (node, label, report) => {
    const bounds = shares.read(node, label, report);
    if (node.kind !== 'list' || bounds?.length !== node.items.length) return undefined;
    const [min, max] = bounds;
    const hint = 'write the lowest and the highest share: [0.6, 0.8]';
    if (min === undefined || max === undefined || bounds.length > 2) {
      return reportValue(report, node, `${label} must be two shares, not ${bounds.length}`, hint);
    }
    if (min < max) return { min, max };
    return reportValue(report, node, `${label} must begin with the lower share`, hint);
  },
};

const band = either({ wanted: 'a share, or two of them', text: upperBound, list: bothBounds });

const slaFields = {
  run: { shape: duration({ zero: false }), describes: 'The maximum duration of the run.' },
  levels: {
    shape: mappingOf(duration({ zero: false }), nameRule, {
      wanted: 'a mapping of level names to durations',
      each: (level) => `"${level}"`,
    }),
    describes: 'The maximum duration of each level.',
  },
  speedup: { shape: decimal(1, 1_000), describes: 'The minimum speed-up compared with one task at a time.' },
  success_rate: { shape: fraction, describes: 'The minimum share of the last 20 runs that succeeded.' },
  cpu: {
    shape: band,
    describes: 'The average CPU usage while tasks run: the maximum, or [minimum, maximum].',
  },
  memory: { shape: fraction, describes: 'The maximum memory usage.' },
  db_connections: { shape: fraction, describes: 'The maximum share of the database connections in use.' },
  disk_io: {
    shape: size({ zero: false }),
    describes: 'The maximum throughput of all disks per second, on average while tasks run.',
  },
  disk_wait: {
    shape: fraction,
    describes: 'The maximum share of time with waits for a disk, on average while tasks run.',
  },
  on_miss: {
    shape: oneOf(['warn', 'fail']),
    describes: 'Whether a missed SLA fails the run (fail) or only warns (warn).',
    absent: formatDefaults.sla.on_miss,
  },
} as const;

export const slas = record('"slas"', slaFields);

export type SlaRecord = RecordOf<typeof slaFields>;
