import { anyValue, type MatrixLines } from '../../model/pipeline/matrix.ts';
import type { TaskSpec } from '../../model/pipeline/pipeline.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { countUnmet } from '../admission/gates.ts';
import { initialState } from './initial-state.ts';
import { moveCheck } from './move-check.ts';
import { moveTask } from './move-task.ts';

/**
 * The state of a run in whose plan instances take the place of what stood for them; all else is as it was. What a person has
 * skipped or cancelled for all of them is so for each.
 */
export function expandState(before: RunState, lines: MatrixLines): RunState {
  const filled = before.plan.open?.fill(lines);
  if (!filled?.ok) throw new Error('the journal has values that the matrices of its plan do not take');
  const plan = filled.value;
  // The order of a plan without them says nothing of the instances.
  const { queueOrder: _, ...options } = before.options;
  const { capacity: _c, ...fresh } = initialState(plan, options, before.plans);
  const { phase, paused, maxParallel, capacity, hosts, overload, startedAt, activeSince, continued, away } = before;
  let state: RunState = {
    ...fresh,
    phase,
    paused,
    maxParallel,
    overload,
    ...(capacity === undefined ? {} : { capacity }),
    ...(hosts === undefined ? {} : { hosts }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(activeSince === undefined ? {} : { activeSince }),
    ...(continued === undefined ? {} : { continued }),
    ...(away === undefined ? {} : { away }),
  };
  for (const { index, spec } of before.plan.checks) {
    const check = before.checks[index]!;
    if (check.kind !== 'waiting') state = moveCheck(state, spec.name, () => check);
  }
  for (const { index, spec } of plan.tasks) {
    const old = before.plan.indexOf.get(spec.id) ?? droppedPlaceholder(before, spec);
    if (old === undefined) continue;
    const entry = entryAt(before.tasks, old);
    const isWaiting = entry.state.kind === 'waiting';
    const unmet = isWaiting ? countUnmet(state, index) : 0;
    state = moveTask(state, index, isWaiting ? { ...entry, state: { kind: 'waiting', unmet } } : entry);
  }
  return state;
}

/** What stood for an instance, and was skipped or cancelled. */
function droppedPlaceholder({ plan, tasks }: RunState, { instance }: TaskSpec): number | undefined {
  if (instance === undefined) return undefined;
  return plan.families.get(instance.of)?.find((index) => {
    const { kind } = entryAt(tasks, index).state;
    if (kind !== 'skipped' && kind !== 'cancelled') return false;
    const { values = {} } = plan.tasks[index]!.spec.instance ?? {};
    return Object.entries(values).every(([key, value]) => value === anyValue || value === instance.values[key]);
  });
}
