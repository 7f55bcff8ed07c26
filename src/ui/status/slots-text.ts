import { type RunState, slotLimit } from '../../engine/index.ts';

/** `3/8`, or `3/auto` while the machine decides how many tasks run. */
export function slotsText(state: RunState): string {
  const { allowed, by } = slotLimit(state);
  return `${state.running}/${by === 'auto' ? 'auto' : allowed}`;
}
