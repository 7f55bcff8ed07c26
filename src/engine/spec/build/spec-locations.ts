import type { Location } from '../../model/diagnostic.ts';
import type { SpecLocations } from '../../model/pipeline/spec-locations.ts';
import type { PipelineRecord } from '../schema/pipeline-shape.ts';
import { valueRange } from '../schema/record-shape.ts';
import type { LocatedText } from '../schema/scalar-shapes.ts';
import { locate, type Source } from '../source.ts';
import type { SourceRange } from '../yaml/yaml-node.ts';
import { lineWriters, matrixRecordOf } from './build-matrix.ts';
import type { CollectedLevel, CollectedTask } from './collect-tasks.ts';

/** Locations are searched only when a mistake is reported, so that a valid file costs nothing. */
export function buildLocations(
  record: PipelineRecord,
  tasks: ReadonlyMap<string, CollectedTask>,
  levels: readonly CollectedLevel[],
  source: Source,
): SpecLocations {
  const indexes = new Map<readonly unknown[], ReadonlyMap<string, unknown>>();
  /** The first item with a key; the list is indexed once, because it may contain thousands of mistakes. */
  function findBy<Item>(list: readonly Item[] | undefined, keyOf: (item: Item) => string | undefined, key: string) {
    if (list === undefined) return undefined;
    let index = indexes.get(list);
    if (index === undefined) {
      index = new Map(list.toReversed().map((item) => [keyOf(item) ?? '', item]));
      indexes.set(list, index);
    }
    return index.get(key) as Item | undefined;
  }
  const find = (list: readonly LocatedText[] | undefined, text: string) => findBy(list, (one) => one.text, text);
  const place = (range: SourceRange | undefined): Location | undefined =>
    range === undefined ? undefined : locate(source, range);
  return {
    dependency: (task, upstream) => {
      const found = tasks.get(task);
      const own = place(find(found?.record?.dependencies, upstream));
      if (own !== undefined) return { at: own, by: 'task' };
      const shared = place(find(found?.level?.dependencies, upstream));
      if (shared !== undefined) return { at: shared, by: 'level' };
      const writer = found === undefined ? undefined : find(lineWriters(matrixRecordOf(found)), upstream);
      if (writer !== undefined) return { at: place(writer)!, by: 'task' };
      const turn = found?.after === upstream ? place(find(found.level?.members, task)) : undefined;
      return turn === undefined ? undefined : { at: turn, by: 'turn' };
    },
    member: (level, task) => place(find(findBy(levels, ({ name }) => name, level)?.members, task)),
    pool: (task, pool) => place(find(tasks.get(task)?.record?.pools, pool)),
    teardown: (task) => place(tasks.get(task)?.record?.setup?.teardown),
    runWhen: (task) => {
      const node = tasks.get(task)?.record?.node;
      return node === undefined ? undefined : place(valueRange(node, 'run_when'));
    },
    poolSize: (pool) => place(findBy(record.pools?.entries, ({ name }) => name, pool)?.node),
    taskOfCheck: (check, task) => {
      const fields = findBy(record.checks, (one) => one.fields.name?.text, check)?.fields;
      const gated = typeof fields?.gate === 'object' ? fields.gate : undefined;
      return place(find(fields?.after, task) ?? find(fields?.before, task) ?? find(gated, task));
    },
    slaLevel: (level) => place(findBy(record.slas?.levels?.entries, ({ name }) => name, level)?.at),
  };
}
