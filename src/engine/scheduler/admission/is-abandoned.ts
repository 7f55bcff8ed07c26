import type { RunPhase } from '../../model/run-state.ts';

/** Whether the run is to end without the answers of its checks: a person cancelled it, or its journal is lost. */
export function isAbandoned(phase: RunPhase): boolean {
  return phase.kind === 'draining' && (phase.reason.kind === 'cancelled' || phase.reason.kind === 'journal-lost');
}
