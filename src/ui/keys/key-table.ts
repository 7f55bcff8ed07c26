import type { KeyBinding } from './key-binding.ts';
import { listKeys } from './list-keys.ts';
import { logKeys } from './log-keys.ts';
import { moveKeys } from './move-keys.ts';
import { runKeys } from './run-keys.ts';
import { screenKeys } from './screen-keys.ts';
import { taskKeys } from './task-keys.ts';

/** Every key there is. Of several bindings of a key the first that is for the pane counts. */
export const keyTable: readonly KeyBinding[] = [
  ...taskKeys,
  ...logKeys,
  ...listKeys,
  ...runKeys,
  ...moveKeys,
  ...screenKeys,
];
