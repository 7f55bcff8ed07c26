import { panes } from '../panes/registry.ts';
import type { ScreenView } from '../store/screen-view.ts';
import type { KeyBinding } from './key-binding.ts';
import { moveKeys } from './move-keys.ts';
import { replayKeys } from './replay-keys.ts';
import { runKeys } from './run-keys.ts';
import { helpKey, screenKeys } from './screen-keys.ts';

/** Every key as it usually is, in the order in which footer and help name them: those of the panes first. */
export const usualKeys: readonly KeyBinding[] = [
  ...panes.flatMap(({ keys = [] }) => keys),
  ...screenKeys,
  ...moveKeys,
  ...replayKeys,
  ...runKeys,
  helpKey,
];

/** The keys as they are in this process, which has one person before it. */
export let keyTable: readonly KeyBinding[] = [...usualKeys];

/** Takes other keys from now on; to be called before there is a screen. */
export function setKeys(table: readonly KeyBinding[]): void {
  keyTable = table;
}

/** The usual key that a key stands for where the focus is; the key itself when it has no meaning there. */
export function usualKey(key: string, view: Pick<ScreenView, 'screen' | 'playback'>): string {
  return findBinding(key, view)?.standsFor?.get(key) ?? key;
}

/** The meaning of a key: that in a replay, else that in the focused pane, else the one it has everywhere. */
export function findBinding(
  key: string,
  { screen, playback }: Pick<ScreenView, 'screen' | 'playback'>,
): KeyBinding | undefined {
  const meanings = keyTable.filter(
    ({ keys, only }) => keys.includes(key) && (only !== 'replay' || playback !== undefined),
  );
  return (
    meanings.find(({ only }) => only === 'replay') ??
    meanings.find(({ panes }) => panes?.includes(screen.focus)) ??
    meanings.find(({ panes }) => panes === undefined)
  );
}
