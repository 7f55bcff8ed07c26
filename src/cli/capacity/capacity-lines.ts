import { formatCount } from '../../display/format/format-count.ts';
import type { Display } from '../../display/states/display.ts';
import { type CapacityReport, displayText, formatShare, formatSize } from '../../engine/index.ts';
import type { Style } from '../output/style.ts';
import { tableLines } from '../output/table.ts';
import { paintIcon, paintSeverity } from '../reporters/line-layout.ts';

type Item = CapacityReport['items'][number];

/** For people: one row for each resource, and how many tasks could start. */
export function capacityLines(report: CapacityReport, style: Style): readonly string[] {
  const rows = report.items.map((item) => [...measures(item), verdictText(item, style)]);
  const [head = '', ...lines] = tableLines([['', 'used', 'limit', ''], ...rows]);
  return [style.paint.dim(head), ...lines, '', conclusion(report)];
}

/** Why no task could start: "memory 96 % > 85 %". */
export function whyNone({ items }: CapacityReport): string {
  const reasons = items.flatMap(({ verdict, reason }) => (verdict === 'none' && reason !== undefined ? [reason] : []));
  return displayText(reasons.join('; '));
}

function conclusion(report: CapacityReport): string {
  const { tasks, maxParallel } = report;
  if (tasks === 0) return `no task could start now: ${whyNone(report)}`;
  return `${formatCount(tasks, 'task')} could start now, of ${maxParallel} that may run at once`;
}

function measures(item: Item): readonly [name: string, used: string, limit: string] {
  switch (item.kind) {
    case 'cpu':
      return ['CPU', `${formatShare(item.used)} of ${formatCount(item.cores, 'core')}`, formatShare(item.limit)];
    case 'memory':
      return ['memory', `${formatShare(item.used)} of ${formatSize(item.totalBytes)}`, formatShare(item.limit)];
    case 'disk':
      return [`disk, ${item.role}`, `${formatSize(item.freeBytes)} free`, `${formatSize(item.floorBytes)} free`];
    case 'connections': {
      const { used, limit, allowed } = item;
      return [
        'connections',
        used === undefined ? '' : `${used} of ${limit}`,
        allowed === undefined ? '' : `${allowed}`,
      ];
    }
  }
}

const verdictDisplays: Readonly<Record<Item['verdict'], Display>> = {
  free: { icon: 'succeeded', word: 'free', severity: 'success' },
  fewer: { icon: 'warning', word: 'fewer tasks start', severity: 'warning' },
  none: { icon: 'failed', word: 'no task starts', severity: 'failure' },
};

function verdictText({ verdict, reason }: Item, style: Style): string {
  const { word, ...display } = verdictDisplays[verdict];
  const text = reason === undefined ? word : `${word}: ${displayText(reason)}`;
  return `${paintIcon(display, style)} ${paintSeverity(display.severity, style)(text)}`;
}
