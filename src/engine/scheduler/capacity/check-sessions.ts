import type { RunState } from '../../model/run/run-state.ts';
import { connectionBudget } from './task-needs.ts';

/** More at once would not make them faster: checks mostly read whole tables. */
const maxCheckSessions = 4;

/** How many checks may ask the database at once: what the tasks leave of the connection budget, and at least one. */
export function maxConcurrentChecks(state: RunState): number {
  const budget = connectionBudget(state) ?? maxCheckSessions;
  return Math.min(maxCheckSessions, Math.max(1, budget - state.connectionUse));
}

/** How many sessions checks hold at most now. */
export function checkSessions(state: RunState): number {
  return state.askingChecks === 0 ? 0 : Math.min(state.askingChecks, maxConcurrentChecks(state));
}
