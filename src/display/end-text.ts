import type { Plan } from '../engine/index.ts';

type PlannedTask = Plan['tasks'][number];

/** The tasks that a task waits for, by index; one at the end waits for their outcomes, of whatever kind. */
export function awaitedBy({ upstream, end }: PlannedTask): readonly number[] {
  return end === undefined ? upstream : end.after;
}

/** When a task runs that runs at the end, as a clause: `takes down start_db`; undefined for any other. */
export function endText({ tasks }: Plan, { end }: PlannedTask): string | undefined {
  switch (end?.when) {
    case undefined:
      return undefined;
    case 'always':
      return 'at the end';
    case 'on-failure':
      return 'at the end, unless the run succeeds';
    case 'teardown':
      return end.setup === undefined ? 'at the end' : `tears down ${tasks[end.setup]!.spec.id}`;
  }
}
