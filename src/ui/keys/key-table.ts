import type { PaneName } from '../layout.ts';
import type { KeyBinding } from './key-binding.ts';
import { listKeys } from './list-keys.ts';
import { logKeys } from './log-keys.ts';
import { moveKeys } from './move-keys.ts';
import { runKeys } from './run-keys.ts';
import { helpKey, screenKeys } from './screen-keys.ts';
import { taskKeys } from './task-keys.ts';

/** Every key there is, in the order in which footer and help name them. */
export const keyTable: readonly KeyBinding[] = [
  ...taskKeys,
  ...listKeys,
  ...logKeys,
  ...screenKeys,
  ...moveKeys,
  ...runKeys,
  helpKey,
];

/** What a key means in a pane: its own meaning there comes before that which it has everywhere. */
export function findBinding(key: string, focus: PaneName): KeyBinding | undefined {
  const meanings = keyTable.filter(({ keys }) => keys.includes(key));
  return meanings.find(({ panes }) => panes?.includes(focus)) ?? meanings.find(({ panes }) => panes === undefined);
}
