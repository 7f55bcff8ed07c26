/** The order of the list of tasks: as in the file, by level where there are levels; else the most urgent or the most costly first. */
export type TaskOrder = 'file' | 'state' | 'duration' | 'cpu' | 'memory';

/** As the title of the list names it. */
export const orderWords: Readonly<Record<TaskOrder, string>> = {
  file: 'as in the file',
  state: 'by state',
  duration: 'by duration',
  cpu: 'by CPU',
  memory: 'by memory',
};

/** The order after this one; those by CPU and memory only where these are measured. */
export function nextOrder(order: TaskOrder, hasUsage: boolean): TaskOrder {
  const orders = (Object.keys(orderWords) as TaskOrder[]).filter((one) => hasUsage || !byUsage.has(one));
  return orders[(orders.indexOf(order) + 1) % orders.length]!;
}

const byUsage: ReadonlySet<TaskOrder> = new Set(['cpu', 'memory']);
