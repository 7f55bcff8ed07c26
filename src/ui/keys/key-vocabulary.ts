import type { ScreenAction } from '../../engine/index.ts';
import { helpOf, type KeyBinding } from './key-binding.ts';
import { shownKey } from './key-names.ts';
import { actionsOf } from './rebind-keys.ts';

/** What can be bound to keys, for the configuration: every action of the table once. */
export function screenActions(table: readonly KeyBinding[]): readonly ScreenAction[] {
  return table.flatMap((binding) => {
    const places = placesOf(binding);
    return [...actionsOf(binding)].map(([name, keys]) => ({
      name,
      describes: helpOf(binding.help),
      keys: keys.map(shownKey),
      places,
      isFixed: keys.some((key) => key === 'Esc' || key === 'Ctrl+C'),
    }));
  });
}

/** A replay comes before a pane, and a pane before what is everywhere: in each of them a key means one thing. */
function placesOf({ only, panes }: KeyBinding): readonly string[] {
  if (only === 'replay') return ['replay'];
  return panes ?? ['everywhere'];
}
