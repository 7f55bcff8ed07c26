import { formatCount } from '../../../display/format/format-count.ts';
import { formatDuration } from '../../../display/format/format-duration.ts';
import { asciiLanes, unicodeLanes } from '../../../display/graph/lane-cells.ts';
import { nodeDisplay } from '../../../display/graph/node-display.ts';
import type { GraphNode } from '../../../display/graph/pipeline-graph.ts';
import { entryAt, type RunState } from '../../../engine/index.ts';
import { type Line, styled } from '../../primitives/line.ts';
import { bodySize, type PaneShape, paneRows } from '../../primitives/pane.ts';
import { fitText, shortenMiddle } from '../../primitives/text/fit-text.ts';
import { textWidth } from '../../primitives/text/text-width.ts';
import { iconText } from '../../status/state-icon.ts';
import { taskDurationMs } from '../../status/task-duration.ts';
import { bodyHeight, type Change, type ScreenView } from '../../store/screen-view.ts';
import { severityStyles, type Theme } from '../../theme.ts';
import type { PaneContent } from '../pane.ts';
import { graphKeys, moveTo } from './graph-keys.ts';
import { type GraphView, graphTop, graphViewOf } from './graph-view.ts';

/** What the selected task waits for, and what waits for it. */
export const graph: PaneContent = {
  rows: (frame, shape, theme) => {
    const view = graphViewOf(frame);
    if (view === undefined)
      return paneRows({ title: 'Graph' }, [[styled(' no task is selected', 'dim')]], shape, theme);
    return graphPane(view, frame.state, frame.now, shape, theme);
  },
  keys: graphKeys,
  move: (view, by) => moveBy(view, by),
  click: (view, row) => {
    const shown = graphViewOf(view);
    if (shown === undefined) return { screen: view.screen };
    return moveTo(view, shown, graphTop(shown, bodyHeight(view, 'graph')) + row);
  },
};

function graphPane(view: GraphView, state: RunState, now: number, shape: PaneShape, theme: Theme): readonly string[] {
  const { rows, center, depth, reach, cursor } = view;
  const { height } = bodySize(shape);
  const top = graphTop(view, height);
  const below = rows.length - top - height;
  const hidden = [
    ...(top > 0 ? [`${theme.glyphs.up}${top}`] : []),
    ...(below > 0 ? [`${theme.glyphs.down}${below}`] : []),
  ];
  const far = depth >= reach ? 'all of it' : `${formatCount(depth, 'step')} of ${reach}`;
  const nameWidth = Math.min(longestName, Math.max(1, ...rows.map(({ node }) => textWidth(node?.name ?? ''))));
  const lines = rows.slice(top, top + height).map((row) => rowLine(view, row, nameWidth, state, now, theme));
  return paneRows(
    {
      title: 'Graph',
      subject: [styled(center, 'bold')],
      right: reach === 0 ? [] : [styled(far, 'dim')],
      bottomRight: hidden.length === 0 ? [] : [styled(hidden.join(' '), 'dim')],
      ...(cursor < 0 ? {} : { selected: cursor - top }),
    },
    rows.length === 0 ? [[styled(' it runs at the end of the run, and nothing waits for it', 'dim')]] : lines,
    shape,
    theme,
  );
}

/** The words behind names begin in one column. */
const longestName = 32;

function rowLine(
  { center, undrawn }: GraphView,
  { node, cells }: GraphView['rows'][number],
  nameWidth: number,
  state: RunState,
  now: number,
  theme: Theme,
): Line {
  const glyphs = theme.unicode ? unicodeLanes : asciiLanes;
  const text = (part: typeof cells) => styled(part.map((cell) => glyphs[cell]).join(''), 'dim');
  if (node === undefined) return [styled(' '), text(cells)];
  const { icon, word, severity } = nodeDisplay(state, node);
  const place = cells.indexOf('node');
  const isLive = state.phase.kind !== 'finished';
  const details = [durationText(node, state, now), ...remarksOf(node, undrawn)].filter((part) => part !== '');
  return [
    styled(' '),
    text(cells.slice(0, place)),
    styled(iconText(icon, theme, isLive ? now : undefined), severityStyles[severity]),
    text(cells.slice(place + 1)),
    styled(
      ` ${fitText(shortenMiddle(node.name, nameWidth, theme.glyphs.ellipsis), nameWidth)} `,
      node.name === center ? 'bold' : 'plain',
    ),
    styled(` ${word}`, severityStyles[severity]),
    ...details.map((part) => styled(`  ${part}`, 'dim')),
  ];
}

function durationText(node: GraphNode, { tasks }: RunState, now: number): string {
  if (node.kind !== 'task') return '';
  const durationMs = taskDurationMs(entryAt(tasks, node.tasks[0]), now);
  return durationMs === undefined ? '' : formatDuration(durationMs);
}

function remarksOf(node: GraphNode, undrawn: GraphView['undrawn']): readonly string[] {
  const others = undrawn.get(node) ?? [];
  return [
    ...(node.kind === 'gate' ? ['gate'] : []),
    ...(node.kind === 'matrix' ? [formatCount(node.tasks.length, 'instance')] : []),
    ...(others.length === 0 ? [] : [`waits for ${others.join(', ')}`]),
  ];
}

/** The cursor goes from node to node; an infinite number moves to the first or the last. */
function moveBy(view: ScreenView, by: number): Change {
  const shown = graphViewOf(view);
  if (shown === undefined) return { screen: view.screen };
  const places = shown.rows.flatMap(({ node }, row) => (node === undefined ? [] : [row]));
  const at = places.indexOf(shown.cursor) + by;
  const row = places[Math.max(0, Math.min(places.length - 1, at))];
  return row === undefined ? { screen: view.screen } : moveTo(view, shown, row);
}
