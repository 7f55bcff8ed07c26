import type { TaskId } from '../model/ids.ts';
import { isNamedBy } from '../model/pipeline/matrix.ts';
import type { Plan } from '../model/pipeline/plan.ts';
import type { Reference } from './prove-tasks.ts';

/** Who may be why the data differs, in a run in which independent tasks met in another way than in the reference. */
export type SuspectFinder = {
  /** Groups what differs: the first name of each is what the others are made of. */
  ofDifferences(names: readonly string[]): readonly Suspicion[];
  ofFailure(task: TaskId): readonly TaskId[];
};

type Suspicion = {
  readonly names: readonly string[];
  /** Those that write what the first name stands for, in the order of the reference. */
  readonly tasks: readonly TaskId[];
  /** Independent of one of these, and writing what it reads or writes; without such, all that are independent of it. */
  readonly suspects: readonly TaskId[];
};

/** @param met by task, the independent tasks that it met in another way */
export function createSuspectFinder(
  plan: Plan,
  reference: Pick<Reference, 'writes' | 'reads'>,
  met: (task: number) => readonly number[],
): SuspectFinder {
  const idOf = (index: number) => plan.tasks[index]!.spec.id;
  const ids = (indexes: Iterable<number>) => [...new Set(indexes)].sort((a, b) => a - b).map(idOf);
  const writersOf = (name: string) =>
    [...reference.writes].flatMap(([index, names]) => (names.has(name) ? [index] : []));
  /** The tables and files that a task depends on. */
  const touchedBy = (index: number) => [...(reference.reads.get(index) ?? []), ...(reference.writes.get(index) ?? [])];
  const suspectsOf = (writer: number) => {
    const candidates = met(writer);
    const touched = touchedBy(writer);
    const likely = candidates.filter((other) => touched.some((name) => reference.writes.get(other)?.has(name)));
    return likely.length > 0 ? likely : candidates;
  };
  const isDownstream = (index: number, of: readonly number[]) => {
    const reached = new Set(of);
    for (const node of reached) for (const other of plan.tasks[node]!.downstream) reached.add(other);
    return reached.has(index) && !of.includes(index);
  };
  return {
    // An instance that the plan does not know yet.
    ofFailure: (task) => ids(suspectsOf(plan.tasks.findIndex(({ spec }) => isNamedBy(spec.id, task)))),
    ofDifferences: (names) => {
      const byPlace = [...names]
        .filter((name, at) => names.indexOf(name) === at)
        .map((name) => ({ name, writers: writersOf(name) }))
        .sort((a, b) => (a.writers[0] ?? Number.POSITIVE_INFINITY) - (b.writers[0] ?? Number.POSITIVE_INFINITY));
      const groups: { names: string[]; writers: readonly number[] }[] = [];
      for (const { name, writers } of byPlace) {
        const root = groups.find(
          (group) => writers.length > 0 && writers.every((one) => isDownstream(one, group.writers)),
        );
        if (root === undefined) groups.push({ names: [name], writers });
        else root.names.push(name);
      }
      return groups.map(({ names: all, writers }) => ({
        names: all,
        tasks: ids(writers),
        suspects: ids(writers.flatMap(suspectsOf).filter((one) => !writers.includes(one))),
      }));
    },
  };
}
