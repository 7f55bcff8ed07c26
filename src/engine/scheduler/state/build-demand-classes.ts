import { indexSetOf } from '../../model/index-set.ts';
import type { Plan } from '../../model/plan.ts';
import type { DemandClasses } from '../../model/run-state.ts';

/** Sorts the tasks of a plan into lanes. */
export function buildDemandClasses(plan: Plan, queueOrder: readonly number[]): DemandClasses {
  const ofPlace = new Int32Array(queueOrder.length);
  const places = new Map<string, number[]>();
  const lanes: number[][] = [];
  queueOrder.forEach((index, place) => {
    const { pools, connections } = plan.tasks[index]!.spec;
    const needs = JSON.stringify([connections, ...pools]);
    let together = places.get(needs);
    if (together === undefined) {
      together = [];
      places.set(needs, together);
      lanes.push(together);
    }
    together.push(place);
  });
  lanes.forEach((together, lane) => {
    for (const place of together) ofPlace[place] = lane;
  });
  return { ofPlace, members: lanes.map((together) => indexSetOf(queueOrder.length, together)) };
}
