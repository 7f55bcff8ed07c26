import { type Condition, conditions, groupConditions, taskDisplay } from './task-display.ts';

/** The condition that represents a group of tasks: the most urgent one; done only when all are. */
export function groupCondition(count: Readonly<Record<Condition, number>>): Condition {
  const tasks = conditions.reduce((sum, condition) => sum + count[condition], 0);
  const done = conditions.reduce((sum, one) => sum + (taskDisplay(one).isDone === true ? count[one] : 0), 0);
  const urgent = groupConditions.find((condition) => count[condition] > 0);
  if (urgent !== undefined) return urgent;
  if (done < tasks) return 'waiting';
  if (count.tolerated > 0) return 'tolerated';
  if (count.degraded > 0) return 'degraded';
  if (count.stale > 0) return 'stale';
  if (tasks === 0) return 'succeeded';
  if (count.skipped === tasks) return 'skipped';
  if (count['not-needed'] + count.skipped === tasks) return 'not-needed';
  return count.reused + count['not-needed'] + count.skipped === tasks ? 'reused' : 'succeeded';
}
