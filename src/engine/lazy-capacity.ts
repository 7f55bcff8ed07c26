import type * as opening from './capacity/open-capacity.ts';

export type { CapacityReport } from './capacity/open-capacity.ts';

/** Looks at what the machine has and what the limits allow now; loaded when it is asked for. */
export const openCapacity: typeof opening.openCapacity = async (options) =>
  (await import('./capacity/open-capacity.ts')).openCapacity(options);
