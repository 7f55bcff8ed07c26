import type { ScreenConfig } from '../../engine/index.ts';
import { setChosenKeys } from '../bound-keys.ts';
import { setKeys, usualKeys } from './key-table.ts';
import { firstKeys, rebindKeys } from './rebind-keys.ts';

/** Takes the keys that a person has chosen, for the table and for the texts that name keys. */
export function takeKeys(chosen: ScreenConfig['keys']): void {
  setKeys(rebindKeys(usualKeys, chosen));
  setChosenKeys(firstKeys(chosen));
}
