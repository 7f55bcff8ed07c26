import type { MatrixLines } from '../../model/pipeline/matrix.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { countUnmet } from '../admission/gates.ts';
import { initialState } from './initial-state.ts';
import { moveCheck } from './move-check.ts';
import { moveTask } from './move-task.ts';

/** The state of a run in whose plan instances take the place of what stood for them; all else is as it was. */
export function expandState(before: RunState, lines: MatrixLines): RunState {
  const filled = before.plan.open?.fill(lines);
  if (!filled?.ok) throw new Error('the journal has values that the matrices of its plan do not take');
  const plan = filled.value;
  // The order of a plan without them says nothing of the instances.
  const { queueOrder: _, ...options } = before.options;
  const { capacity: _c, ...fresh } = initialState(plan, options, before.plans);
  const { phase, paused, maxParallel, capacity, overload, startedAt, activeSince, continued, awayMs } = before;
  let state: RunState = {
    ...fresh,
    phase,
    paused,
    maxParallel,
    overload,
    ...(capacity === undefined ? {} : { capacity }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(activeSince === undefined ? {} : { activeSince }),
    ...(continued === undefined ? {} : { continued }),
    ...(awayMs === undefined ? {} : { awayMs }),
  };
  for (const { index, spec } of before.plan.checks) {
    const check = before.checks[index]!;
    if (check.kind !== 'waiting') state = moveCheck(state, spec.name, () => check);
  }
  for (const { index, spec } of plan.tasks) {
    const old = before.plan.indexOf.get(spec.id);
    if (old === undefined) continue;
    const entry = entryAt(before.tasks, old);
    const isWaiting = entry.state.kind === 'waiting';
    const unmet = isWaiting ? countUnmet(state, index) : 0;
    state = moveTask(state, index, isWaiting ? { ...entry, state: { kind: 'waiting', unmet } } : entry);
  }
  return state;
}
