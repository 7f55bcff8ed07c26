import { styled } from '../../primitives/line.ts';
import { bodySize, type PaneShape, paneRows } from '../../primitives/pane.ts';
import type { Theme } from '../../theme.ts';
import { type TimelineView, timeline } from './timeline.ts';

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
  const most = Math.max(0, view.tasks.length - height);
  const first = Math.min(most, Math.max(0, top ?? most));
  const tasks = view.tasks.slice(first, first + height);
  const { labels, lines } = timeline({ ...view, tasks }, width, theme);
  const hidden = [
    ...(first > 0 ? [`${theme.glyphs.up}${first}`] : []),
    ...(first < most ? [`${theme.glyphs.down}${most - first}`] : []),
  ];
  return paneRows(
    {
      digit: 4,
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
