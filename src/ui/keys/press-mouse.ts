import type { PaneName, Rect } from '../layout.ts';
import { selectPlace } from '../store/list-place.ts';
import type { Change, ScreenView } from '../store/screen-view.ts';
import type { MouseReport } from './mouse-report.ts';
import { move } from './move-keys.ts';

/** The wheel scrolls the pane under the pointer, a click goes to it and selects the task under the pointer. */
export function pressMouse(view: ScreenView, { what, column, row }: MouseReport): Change {
  const { screen, layout } = view;
  if (what === 'other' || layout.size === 'too-small') return { screen };
  if (screen.prompt !== undefined || screen.help !== undefined) return { screen };
  const hit = (Object.entries(layout.panes) as [PaneName, Rect][]).find(
    ([, rect]) => column >= rect.x && column < rect.x + rect.width && row >= rect.y && row < rect.y + rect.height,
  );
  if (hit === undefined) return { screen };
  const [pane, rect] = hit;
  if (what !== 'click') return move(view, pane, what === 'wheel-down' ? wheelRows : -wheelRows);
  const focused = { ...screen, focus: pane };
  const place = screen.listTop + row - rect.y - 1;
  if (pane !== 'tasks' || row <= rect.y || place >= view.rows.length) return { screen: focused };
  return { screen: selectPlace(focused, view.rows, place) };
}

const wheelRows = 3;
