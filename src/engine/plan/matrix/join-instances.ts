import type { TaskId } from '../../model/ids.ts';
import { anyValue, type Instance } from '../../model/pipeline/matrix.ts';
import type { Instances } from './instances.ts';

type Values = Instance['values'];

/**
 * Returns a function from an instance, or a task without a matrix (no values), to the instances of another task for which it
 * waits: those with the same values of all keys that both have, and all of them without shared keys. A value that is not
 * known yet may become any.
 */
export function joinWith(upstream: Instances): (keys: readonly string[], values: Values) => readonly TaskId[] {
  const indexes = new Map<string, ReadonlyMap<string, readonly TaskId[]>>();
  const everything = upstream.all.map(({ id }) => id);

  function indexBy(shared: readonly string[]): ReadonlyMap<string, readonly TaskId[]> {
    const name = shared.join(',');
    const known = indexes.get(name);
    if (known !== undefined) return known;
    const index = new Map<string, TaskId[]>();
    for (const { id, values } of upstream.all) {
      const at = placeOf(shared, values);
      const together = index.get(at);
      if (together === undefined) index.set(at, [id]);
      else together.push(id);
    }
    indexes.set(name, index);
    return index;
  }

  return (keys, values) => {
    const shared = upstream.keys.filter((key) => keys.includes(key));
    if (shared.length === 0) return everything;
    const isOpen = upstream.isOpen || shared.some((key) => values[key] === anyValue);
    if (!isOpen) return indexBy(shared).get(placeOf(shared, values)) ?? [];
    return upstream.all
      .filter((other) => shared.every((key) => mayBeEqual(other.values[key]!, values[key]!)))
      .map(({ id }) => id);
  };
}

/** Values hold no line break. */
function placeOf(shared: readonly string[], values: Values): string {
  return shared.map((key) => values[key]).join('\n');
}

function mayBeEqual(one: string, other: string): boolean {
  return one === other || one === anyValue || other === anyValue;
}
