import { styled } from '../../primitives/line.ts';
import { bodySize, type PaneShape, paneRows } from '../../primitives/pane.ts';
import type { Theme } from '../../theme.ts';
import type { PaneContent } from '../pane.ts';
import { drawTimeline, type TimelineView } from './draw-timeline.ts';

export const timeline: PaneContent = {
  rows: ({ screen, state, now, intervals, criticalPath }, shape, theme) => {
    const view = {
      plan: state.plan,
      tasks: intervals.started,
      startedAt: state.startedAt ?? now,
      now: state.finishedAt ?? now,
      live: state.phase.kind !== 'finished',
      criticalPath,
      ...(state.hosts === undefined ? {} : { hosts: state.hosts }),
    };
    return timelinePane(view, screen.tops['timeline'], shape, theme);
  },
  length: ({ intervals }) => intervals.started.length,
  top: ({ intervals }, shape) => intervals.started.length - bodySize(shape).height,
  followsEnd: true,
};

/**
 * The timeline on the screen. `top` is the first task shown; without it the latest ones are, which is where a run happens.
 */
export function timelinePane(
  view: TimelineView,
  top: number | undefined,
  shape: PaneShape,
  theme: Theme,
): readonly string[] {
  const { width, height } = bodySize(shape);
  const max = Math.max(0, view.tasks.length - height);
  const first = Math.min(max, Math.max(0, top ?? max));
  const tasks = view.tasks.slice(first, first + height);
  const { labels, lines } = drawTimeline({ ...view, tasks }, width, theme);
  const hidden = [
    ...(first > 0 ? [`${theme.glyphs.up}${first}`] : []),
    ...(first < max ? [`${theme.glyphs.down}${max - first}`] : []),
  ];
  return paneRows(
    {
      title: 'Timeline',
      labels: tasks.length === 0 ? [] : labels,
      bottomLeft: view.criticalPath.length === 0 ? [] : [styled(`${theme.glyphs.critical} critical path`, 'dim')],
      bottomRight: hidden.length === 0 ? [] : [styled(hidden.join(' '), 'dim')],
    },
    tasks.length === 0 ? [[styled(' nothing has started yet', 'dim')]] : lines,
    shape,
    theme,
  );
}
