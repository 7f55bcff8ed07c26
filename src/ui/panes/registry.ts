import type { PaneId } from '../layout.ts';
import type { PaneShape } from '../primitives/pane.ts';
import type { PaneMeasure } from '../store/frame.ts';
import { rectOf, type ScreenView } from '../store/screen-view.ts';
import type { Theme } from '../theme.ts';
import { charts } from './charts/charts-pane.ts';
import { checks } from './checks/checks-pane.ts';
import { detail } from './detail/detail-pane.ts';
import { graph } from './graph/graph-pane.ts';
import { history } from './history/history-pane.ts';
import { hosts } from './hosts/hosts-pane.ts';
import { limits } from './limits/limits-pane.ts';
import { log } from './log/log-pane.ts';
import type { Pane } from './pane.ts';
import { tasks } from './tasks/tasks-pane.ts';
import { timeline } from './timeline/timeline-pane.ts';

/** Every pane there is, in the order of Tab. A pane that the layout has no place for is shown in the place of the log. */
export const panes: readonly Pane[] = [
  { id: 'tasks', digit: 1, ...tasks },
  { id: 'log', digit: 2, ...log },
  { id: 'detail', ...detail },
  { id: 'charts', digit: 3, ...charts },
  { id: 'timeline', digit: 4, ...timeline },
  { id: 'checks', digit: 5, ...checks },
  { id: 'history', digit: 6, ...history },
  { id: 'limits', ...limits },
  { id: 'hosts', ...hosts },
  { id: 'graph', ...graph },
];

const paneById = new Map(panes.map((pane) => [pane.id, pane]));

/** Throws for an id that no pane has. */
export function paneOf(id: PaneId): Pane {
  const pane = paneById.get(id);
  if (pane === undefined) throw new Error(`There is no pane "${id}".`);
  return pane;
}

/** Measures the panes that scroll by lines as they are drawn in `theme`. */
export function paneMeasure(theme: Theme): PaneMeasure {
  return {
    lengthOf: (id, view) => paneOf(id).length?.(view, shapeOf(id, view), theme) ?? 0,
    topOf: (id, view) => paneOf(id).top?.(view, shapeOf(id, view), theme) ?? 0,
  };
}

/** A pane that is not on the screen is measured as if it had all of it. */
function shapeOf(id: PaneId, view: ScreenView): PaneShape {
  const { columns, rows, zoomed } = view.screen;
  const { width, height } = rectOf(view, id) ?? { width: columns, height: rows };
  return { width, height, focused: true, zoomed };
}
