import { entryAt, type RunState } from '../../engine/index.ts';
import { checkDisplay } from '../states/check-display.ts';
import type { Display } from '../states/display.ts';
import { groupCondition } from '../states/group-condition.ts';
import { type Condition, conditionOf, conditions, taskDisplay } from '../states/task-display.ts';
import type { GraphNode } from './pipeline-graph.ts';

/** How a node of the plan of a run is shown: the instances of a matrix by the most urgent of them. */
export function nodeDisplay(state: RunState, node: GraphNode): Display {
  if (node.kind === 'gate') return checkDisplay(state, node.check);
  const [first, ...more] = node.tasks;
  if (first !== undefined && more.length === 0) return taskDisplay(conditionOf(entryAt(state.tasks, first)));
  const count = Object.fromEntries(conditions.map((condition) => [condition, 0])) as Record<Condition, number>;
  for (const task of node.tasks) count[conditionOf(entryAt(state.tasks, task))] += 1;
  return taskDisplay(groupCondition(count));
}
