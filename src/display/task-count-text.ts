import { isPlaceholder, type Plan } from '../engine/index.ts';
import { formatCount } from './format/format-count.ts';

type Spec = Pick<Plan['tasks'][number]['spec'], 'instance'>;

/** Tasks as their author has written them, how many of them have a matrix, and how many instances of these are known. */
type TaskCounts = {
  readonly tasks: number;
  readonly families: number;
  readonly instances: number;
  /** False when some come out of a file that has yet to be written, or of a parameter without a value. */
  readonly areAllKnown: boolean;
};

function countTasks(specs: readonly Spec[]): TaskCounts {
  const families = new Set<string>();
  let [alone, instances, areAllKnown] = [0, 0, true];
  for (const { instance } of specs) {
    if (instance === undefined) alone += 1;
    else {
      families.add(instance.of);
      if (isPlaceholder(instance)) areAllKnown = false;
      else instances += 1;
    }
  }
  return { tasks: alone + families.size, families: families.size, instances, areAllKnown };
}

/** `12 tasks`, `12 tasks, 3 of them with a matrix (46 instances)`, `1 task with a matrix (instances not known yet)`. */
export function taskCountText(specs: readonly Spec[]): string {
  const { tasks: count, families, instances, areAllKnown } = countTasks(specs);
  const all = formatCount(count, 'task');
  if (families === 0) return all;
  const which = families === count ? `${all} with a matrix` : `${all}, ${families} of them with a matrix`;
  const known = formatCount(instances, 'instance');
  if (areAllKnown) return `${which} (${known})`;
  return `${which} (${instances === 0 ? 'instances' : `${known}, others`} not known yet)`;
}

/** The same for programs. */
export function taskCountJson(specs: readonly Spec[]): object {
  const { tasks: count, families, instances, areAllKnown } = countTasks(specs);
  return { tasks: count, for_many_values: families, instances, instances_known: areAllKnown };
}
