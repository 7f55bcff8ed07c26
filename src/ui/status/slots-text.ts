import { type RunState, slotLimit } from '../../engine/index.ts';

/** `3/8`, or `3/auto` while the machine decides how many tasks run; hosts elsewhere have so many slots. */
export function slotsText(state: RunState): string {
  const { allowed, by } = slotLimit(state);
  return `${state.running}/${by === 'auto' && state.hosts === undefined ? 'auto' : allowed}`;
}

/** The most columns that it takes in this run, unless somebody raises its limit. */
export function slotColumns({ options, maxParallel }: RunState): number {
  const digits = String(Math.max(options.maxParallel, maxParallel)).length;
  return digits + 1 + (options.auto === true ? Math.max('auto'.length, digits) : digits);
}
