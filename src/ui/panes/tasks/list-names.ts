import { formatNumber } from '../../../display/format/format-count.ts';
import type { Plan, TaskId } from '../../../engine/index.ts';
import { textWidth } from '../../primitives/text/text-width.ts';

/** The instances of a task with a matrix, which are in one row together; undefined where there is only one. */
export function familyTasks(plan: Plan, family: TaskId): readonly number[] | undefined {
  const tasks = plan.families.get(family);
  return tasks === undefined || tasks.length < 2 ? undefined : tasks;
}

/** How an instance is named below the row of its matrix: by its values alone. */
export function instanceName(id: TaskId, family: TaskId): string {
  return `${instanceIndent}${id.slice(family.length + 1, -1)}`;
}

/** ` 12` behind the name of a matrix. */
export function instanceCount(tasks: number): string {
  return ` ${formatNumber(tasks)}`;
}

/** The fold mark of a matrix and the blank behind it; its instances are as far to the right. */
const instanceIndent = '  ';

/** The columns that the longest name takes behind the indent of tasks, visible or not, so that columns stay where they are. */
export function listNameColumns(plan: Plan, tree: boolean): number {
  const known = columnsByPlan.get(plan) ?? measure(plan);
  columnsByPlan.set(plan, known);
  return tree ? Math.max(known.tasks, known.levels) : known.tasks;
}

type NameColumns = { readonly tasks: number; readonly levels: number };

const columnsByPlan = new WeakMap<Plan, NameColumns>();

function measure(plan: Plan): NameColumns {
  let tasks = 0;
  for (const { spec } of plan.tasks) {
    const { instance, id } = spec;
    const of = instance !== undefined && familyTasks(plan, instance.of) !== undefined ? instance.of : undefined;
    tasks = Math.max(tasks, textWidth(of === undefined ? id : instanceName(id, of)));
  }
  for (const [family, { length }] of plan.families) {
    if (length > 1) tasks = Math.max(tasks, textWidth(`${instanceIndent}${family}${instanceCount(length)}`));
  }
  // The name of a level begins one column further left.
  const levels = [...plan.levels.keys()].reduce((widest, level) => Math.max(widest, textWidth(level) - 1), 0);
  return { tasks, levels };
}
