import type { TaskSpec } from '../../model/pipeline/pipeline.ts';
import type { RunState } from '../../model/run/run-state.ts';

/** Why no task at all may start now. A new rule needs a member here or in `ResourceBlock`, and its text in `explainWait`. */
export type RunBlock = 'phase' | 'paused' | 'slots' | 'turn';

/** Why one ready task may not start now, while others may. */
export type ResourceBlock =
  | { readonly kind: 'pool'; readonly pool: string }
  | { readonly kind: 'connections' }
  /** It needs connections, and the next free ones are reserved for a task before it in the queue. */
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
  const full = pools.find((pool) => (state.poolUse.get(pool) ?? 0) >= state.plan.pipeline.pools.get(pool)!);
  if (full !== undefined) return { kind: 'pool', pool: full };
  if (connections === 0 || state.options.connectionBudget === undefined) return undefined;
  if (reserved) return { kind: 'reserved' };
  // A task that needs more than the budget may start when it is the only one: it could never start otherwise.
  const fits = state.connectionUse === 0 || state.connectionUse + connections <= state.options.connectionBudget;
  return fits ? undefined : { kind: 'connections' };
}

/** A sequential run waits for retries and running gates before it starts the next task, so that the order is that of the plan. */
function isTurnOver({ backingOff, checks, plan }: RunState): boolean {
  if (backingOff > 0) return false;
  return !plan.checks.some(({ gates, index }) => gates.length > 0 && checks[index]!.kind === 'running');
}
