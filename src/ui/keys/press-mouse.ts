import { paneOf } from '../panes/registry.ts';
import type { Change, ScreenView } from '../store/screen-view.ts';
import type { MouseReport } from './mouse-report.ts';
import { move } from './move-keys.ts';

/** The wheel scrolls the pane under the pointer; a click gives it the focus, and selects the task under the pointer. */
export function pressMouse(view: ScreenView, { what, column, row }: MouseReport): Change {
  const { screen, layout } = view;
  if (what === 'other' || layout.size === 'too-small') return { screen };
  if (screen.prompt !== undefined || screen.help !== undefined) return { screen };
  const hit = Object.entries(layout.panes).find(
    ([, rect]) => column >= rect.x && column < rect.x + rect.width && row >= rect.y && row < rect.y + rect.height,
  );
  if (hit === undefined) return { screen };
  const [id, rect] = hit;
  if (what !== 'click') return move(view, id, what === 'wheel-down' ? wheelRows : -wheelRows);
  const focused = { ...view, screen: { ...screen, focus: id } };
  return paneOf(id).click?.(focused, row - rect.y - 1) ?? { screen: focused.screen };
}

const wheelRows = 3;
