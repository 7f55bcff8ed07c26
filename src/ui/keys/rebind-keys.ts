import type { ScreenConfig } from '../../engine/index.ts';
import type { KeyBinding } from './key-binding.ts';
import { keyFromFile, shownKey } from './key-names.ts';

/** The table with the keys that a person has chosen; a binding of which nothing was chosen stays as it is. */
export function rebindKeys(table: readonly KeyBinding[], chosen: ScreenConfig['keys']): readonly KeyBinding[] {
  return table.map((binding) => rebind(binding, chosen));
}

/** The first key of each action that has chosen ones, as people see it. */
export function firstKeys(chosen: ScreenConfig['keys']): ReadonlyMap<string, string> {
  return new Map([...chosen].flatMap(([action, [first]]) => (first === undefined ? [] : [[action, first] as const])));
}

/** The usual keys of each action of a binding. */
export function actionsOf({ action, keys }: Pick<KeyBinding, 'action' | 'keys'>): ReadonlyMap<string, string[]> {
  const actions = new Map<string, string[]>();
  for (const [at, key] of keys.entries()) {
    const name = typeof action === 'string' ? action : action[at]!;
    actions.set(name, [...(actions.get(name) ?? []), key]);
  }
  return actions;
}

function rebind(binding: KeyBinding, chosen: ScreenConfig['keys']): KeyBinding {
  const actions = [...actionsOf(binding)];
  if (!actions.some(([name]) => chosen.has(name))) return binding;
  const standsFor = new Map<string, string>();
  const shown: string[] = [];
  for (const [name, usual] of actions) {
    const keys = chosen.get(name)?.map(keyFromFile) ?? usual;
    for (const key of keys) standsFor.set(key, chosen.has(name) ? usual[0]! : key);
    if (keys[0] !== undefined) shown.push(shownKey(keys[0]));
  }
  const { helpIfChosen: help = binding.help } = binding;
  return { ...binding, keys: [...standsFor.keys()], shown: shown.join(' '), help, standsFor };
}
