import type { TaskSpec } from '../../model/pipeline.ts';
import type { RunState } from '../../model/run-state.ts';

/** What keeps every task from starting, ready or not. */
export type RunBlock = 'phase' | 'paused' | 'slots' | 'turn';

/** What keeps one ready task from starting while others may. */
export type ResourceBlock =
  | { readonly kind: 'pool'; readonly pool: string }
  | { readonly kind: 'connections' }
  /** It needs connections, and a task before it in the queue waits for some. */
  | { readonly kind: 'reserved' };

export function findRunBlock(state: RunState): RunBlock | undefined {
  if (state.phase.kind !== 'running') return 'phase';
  if (state.paused) return 'paused';
  if (state.running >= state.maxParallel) return 'slots';
  if (state.options.sequential && !isTurnOver(state)) return 'turn';
  return undefined;
}

export function findResourceBlock(
  state: RunState,
  { pools, connections }: TaskSpec,
  reserved: boolean,
): ResourceBlock | undefined {
  const pool = pools.find((one) => (state.poolUse.get(one) ?? 0) >= state.plan.pipeline.pools.get(one)!);
  if (pool !== undefined) return { kind: 'pool', pool };
  if (connections === 0 || state.options.connectionBudget === undefined) return undefined;
  if (reserved) return { kind: 'reserved' };
  // One that needs more than there are may have all of them, alone: it would never start otherwise.
  const fits = state.connectionUse === 0 || state.connectionUse + connections <= state.options.connectionBudget;
  return fits ? undefined : { kind: 'connections' };
}

/** In a sequential run a retry keeps its turn, and a gate is passed before anything else starts: the order is the plan's. */
function isTurnOver({ backingOff, checks, plan }: RunState): boolean {
  if (backingOff > 0) return false;
  return !plan.checks.some(({ gates, index }) => gates.length > 0 && checks[index]!.kind === 'running');
}
