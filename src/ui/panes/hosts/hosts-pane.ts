import { formatCount } from '../../../display/format/format-count.ts';
import { nameList } from '../../../display/format/name-list.ts';
import type { Host, RunState } from '../../../engine/index.ts';
import { type Line, styled } from '../../primitives/line.ts';
import { bodySize, type PaneShape, paneRows } from '../../primitives/pane.ts';
import { fitText, shortenMiddle, shortenText } from '../../primitives/text/fit-text.ts';
import { textWidth } from '../../primitives/text/text-width.ts';
import type { ScreenView } from '../../store/screen-view.ts';
import type { Style, Theme } from '../../theme.ts';
import type { PaneContent } from '../pane.ts';
import { type HostRow, hostRows } from './host-rows.ts';

export type HostsView = {
  readonly state: RunState;
  readonly now: ScreenView['now'];
  /** As they are now; absent in a replay. */
  readonly hosts?: readonly Host[];
  /** The first line that is shown. */
  readonly top: number;
};

/** The hosts on which tasks run: what each has, what runs there, and how long its lease lasts. */
export const hosts: PaneContent = {
  rows: (frame, shape, theme) => hostsPane(viewOf(frame), shape, theme),
  length: (view, shape, theme) => hostLines(viewOf(view), bodySize(shape).width, theme).lines.length,
};

function viewOf({ state, now, hosts, screen }: ScreenView): HostsView {
  const top = screen.tops['hosts'] ?? 0;
  return { state, now, top, ...(hosts === undefined ? {} : { hosts }) };
}

export function hostsPane(view: HostsView, shape: PaneShape, theme: Theme): readonly string[] {
  const { width, height } = bodySize(shape);
  const { lines, labels, sum } = hostLines(view, width, theme);
  const max = Math.max(0, lines.length - height);
  const first = Math.min(max, Math.max(0, view.top));
  const bottomRight = first < max ? [styled(`${theme.glyphs.down}${max - first}`, 'dim')] : [];
  return paneRows(
    { title: 'Hosts', labels, bottomLeft: [styled(sum, 'dim')], bottomRight },
    lines.slice(first, first + height),
    shape,
    theme,
  );
}

type Column = {
  readonly title: string;
  readonly cell: (row: HostRow) => string;
  readonly style?: (row: HostRow) => Style | undefined;
};

/** From left to right. */
const columns: readonly Column[] = [
  { title: 'slots', cell: ({ used, slots }) => `${used} of ${slots}` },
  { title: 'cores', cell: ({ cores }) => cores, style: ({ isBusy }) => (isBusy ? 'warn' : undefined) },
  { title: 'memory', cell: ({ memory }) => memory, style: ({ isFull }) => (isFull ? 'warn' : undefined) },
  {
    title: 'lease',
    cell: ({ lease }) => lease,
    style: ({ standing }) => (standing === 'late' || standing === 'draining' ? 'warn' : undefined),
  },
  { title: 'labels', cell: ({ labels }) => shortenText(labels, maxLabels) },
];
/** What a narrow pane leaves out first. */
const expendable = ['memory', 'cores', 'labels', 'lease'];

/** So that the title of the pane leaves room for those of the columns. */
const minName = 8;
const maxName = 24;
const maxLabels = 24;
const maxTasks = 5;
const gap = 2;

/** A line for each host, and one with the tasks that run there. */
function hostLines({ state, now, hosts: live }: HostsView, width: number, theme: Theme) {
  const rows = hostRows(state, now, live);
  if (rows.length === 0) return { lines: [[styled(` ${withoutHosts(state)}`, 'dim')]], labels: [], sum: '' };
  const names = Math.min(maxName, Math.max(minName, widest(rows.map(({ name }) => name))));
  const placed = columnsThatFit(rows, width - names - 1);
  const lines = rows.flatMap((row) => linesOf(row, names, placed, width, theme));
  const labels = placed.map(({ column, at }) => ({ at: names + 1 + at, text: column.title }));
  return { lines, labels, sum: sumOf(rows) };
}

function withoutHosts({ hosts }: RunState): string {
  return hosts === undefined ? 'all tasks run on this machine' : 'no host is there yet; tasks start when one is';
}

function sumOf(rows: readonly HostRow[]): string {
  const there = rows.filter(({ standing }) => standing !== 'gone');
  const used = there.reduce((sum, row) => sum + row.used, 0);
  const slots = there.reduce((sum, row) => sum + row.slots, 0);
  return `${formatCount(there.length, 'host')}, ${used} of ${formatCount(slots, 'slot')} in use`;
}

type PlacedColumn = { readonly column: Column; readonly at: number; readonly width: number };

function columnsThatFit(rows: readonly HostRow[], room: number): readonly PlacedColumn[] {
  const filled = columns.filter(({ cell }) => rows.some((row) => cell(row) !== ''));
  for (let left = 0; ; left += 1) {
    const out = expendable.slice(0, left);
    let end = 0;
    const placed = filled
      .filter(({ title }) => !out.includes(title))
      .map((column): PlacedColumn => {
        const at = end + gap;
        const width = widest([column.title, ...rows.map(column.cell)]);
        end = at + width;
        return { column, at, width };
      });
    if (end <= room || left === expendable.length) return placed;
  }
}

function linesOf(
  row: HostRow,
  names: number,
  placed: readonly PlacedColumn[],
  width: number,
  theme: Theme,
): readonly Line[] {
  const isGone = row.standing === 'gone';
  const usual: Style = isGone ? 'dim' : 'plain';
  const first: Line = [
    styled(` ${fitText(shortenMiddle(row.name, names, theme.glyphs.ellipsis), names)}`, isGone ? 'dim' : 'bold'),
    ...placed.map(({ column, width: columnWidth }) =>
      styled(
        `${' '.repeat(gap)}${fitText(column.cell(row), columnWidth)}`,
        (isGone ? undefined : column.style?.(row)) ?? usual,
      ),
    ),
  ];
  if (row.tasks.length === 0) return [first];
  const tasks = shortenText(nameList(row.tasks, maxTasks), Math.max(1, width - 3), theme.glyphs.ellipsis);
  return [first, [styled(`   ${tasks}`, 'dim')]];
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(textWidth));
}
