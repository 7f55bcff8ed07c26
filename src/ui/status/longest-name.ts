import type { Plan } from '../../engine/index.ts';
import { textWidth } from '../primitives/text/text-width.ts';

/** The width of the longest task name, visible or not, so that columns do not move while scrolling. */
export function longestName(plan: Plan): number {
  const known = longestByPlan.get(plan);
  if (known !== undefined) return known;
  let longest = 0;
  for (const { spec } of plan.tasks) longest = Math.max(longest, textWidth(spec.id));
  longestByPlan.set(plan, longest);
  return longest;
}

const longestByPlan = new WeakMap<Plan, number>();
