import type { Plan, RunOptions } from '../model/pipeline/plan.ts';
import type { RunState } from '../model/run/run-state.ts';
import { initialState } from '../scheduler/state/initial-state.ts';
import type { Forecast } from './forecast.ts';

/**
 * The state from which a predicted run begins. The samples of a real run soon tell what the machine allows; a simulation
 * has none, and is told at once what a machine allows that nobody else uses. A task of which nothing is known is taken
 * to need nothing: it was too short to be measured, or never ran.
 */
export function predictedStart(plan: Plan, options: RunOptions, { cores, memoryLimitBytes }: Forecast): RunState {
  const state = initialState(plan, options);
  if (options.sequential) return state;
  const { cpu, memory } = plan.pipeline.limits;
  const capacity = { cpu: cpu * cores, memoryBytes: memory * memoryLimitBytes, unknown: { cpu: 0, memoryBytes: 0 } };
  return { ...state, capacity };
}
