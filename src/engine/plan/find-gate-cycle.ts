import type { Diagnostic } from '../model/diagnostic.ts';
import type { PlannedCheck, PlannedTask } from '../model/pipeline/plan.ts';

/**
 * Reports the cycle that gates add to an acyclic graph: a check waits for a task that waits for another check, and so on.
 * Call it only when there is one.
 */
export function findGateCycle(tasks: readonly PlannedTask[], checks: readonly PlannedCheck[]): Diagnostic {
  const gates = checks.filter((check) => check.gates.length > 0);
  const waitsFor = (node: number): readonly number[] => {
    const gate = gates[node - tasks.length];
    if (gate !== undefined) return gate.after;
    const held = gates.flatMap((one, at) => (one.gates.includes(node) ? [tasks.length + at] : []));
    return [...tasks[node]!.upstream, ...held];
  };
  const cycle = findCycle(tasks.length + gates.length, waitsFor);
  const names = cycle.map((node) => tasks[node]?.spec.id ?? `check ${gates[node - tasks.length]!.spec.name}`);
  const involved = cycle.flatMap((node) => gates[node - tasks.length]?.spec ?? []);
  return {
    code: 'plan/cycle',
    severity: 'error',
    message: `gates and tasks wait for each other in a cycle: ${[...names, names[0]!].join(' → ')}`,
    at: involved[0]!.at,
    hint: 'reduce the "gate", "before" or "after" of one of these checks',
    related: involved.map(({ name, at }) => ({ message: `check "${name}" is a gate`, at })),
  };
}

/** The first cycle of a depth-first search; iterative, because the graph may be thousands of tasks deep. */
function findCycle(size: number, waitsFor: (node: number) => readonly number[]): readonly number[] {
  const done = new Set<number>();
  for (let start = 0; start < size; start += 1) {
    const path: { readonly node: number; readonly rest: number[] }[] = [];
    const onPath = new Set<number>();
    const enter = (node: number) => {
      path.push({ node, rest: [...waitsFor(node)] });
      onPath.add(node);
    };
    if (!done.has(start)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.pop();
      if (next === undefined) {
        path.pop();
        onPath.delete(top.node);
        done.add(top.node);
      } else if (onPath.has(next)) {
        const nodes = path.map(({ node }) => node);
        return nodes.slice(nodes.indexOf(next));
      } else if (!done.has(next)) enter(next);
    }
  }
  throw new Error('there is no cycle among the gates');
}
