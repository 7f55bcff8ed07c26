import type { Bundles } from './bundles.ts';
import type { PipelineGraph } from './pipeline-graph.ts';
import { topologicalOrder } from './pipeline-graph.ts';

/** By node, how many nodes that count are on the longest way to it. */
export function depthsOf(
  downstream: PipelineGraph['downstream'],
  counts: (node: number) => boolean = () => true,
): readonly number[] {
  const depths = new Array<number>(downstream.length).fill(0);
  for (const node of topologicalOrder(downstream)) {
    const below = depths[node]! + (counts(node) ? 1 : 0);
    for (const next of downstream[node]!) depths[next] = Math.max(depths[next]!, below);
  }
  return depths;
}

/**
 * Wave by wave, and in a wave what waits for others of it after them; nodes that wait for neighbours stand together.
 * @param waves by node; no node waits for one of a later wave
 */
export function layeredOrder(
  waves: readonly number[],
  downstream: PipelineGraph['downstream'],
  { into, sources }: Bundles,
): readonly number[] {
  const depths = depthsOf(downstream);
  const layers = new Map<number, number[]>();
  waves.forEach((wave, node) => {
    const layer = wave * (waves.length + 1) + depths[node]!;
    const known = layers.get(layer);
    if (known === undefined) layers.set(layer, [node]);
    else known.push(node);
  });
  const place = new Array<number>(waves.length).fill(0);
  let placed = 0;
  const inOrder = [...layers].sort(([one], [other]) => one - other);
  return inOrder.flatMap(([, layer]) => {
    const middles = new Map(layer.map((node) => [node, middleOf(into[node]!, sources, place)]));
    const sorted = layer.toSorted((one, other) => middles.get(one)! - middles.get(other)! || one - other);
    for (const node of sorted) {
      place[node] = placed;
      placed += 1;
    }
    return sorted;
  });
}

function middleOf(bundles: readonly number[], sources: Bundles['sources'], place: readonly number[]): number {
  const places = bundles.map((bundle) => place[sources[bundle]![0]!]!);
  return places.length === 0 ? -1 : places.reduce((sum, one) => sum + one, 0) / places.length;
}

/**
 * So that few lines are open at a time: what ends lines comes first, then what goes on with what was drawn last. Takes the
 * square of the number of nodes.
 */
export function narrowOrder({ from, into, sources, targets }: Bundles): readonly number[] {
  const missing = into.map((bundles) => bundles.reduce((sum, bundle) => sum + sources[bundle]!.length, 0));
  const left = targets.map(({ length }) => length);
  const isOpen = targets.map(() => false);
  const fedAt = into.map(() => -1);
  const ready = new Set(missing.flatMap((count, node) => (count === 0 ? [node] : [])));
  const order: number[] = [];
  const growth = (node: number) => {
    const bundle = from[node];
    const opened = bundle === undefined || isOpen[bundle] ? 0 : 1;
    return opened - into[node]!.filter((one) => left[one] === 1).length;
  };
  while (ready.size > 0) {
    let best: number | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const node of ready) {
      const grows = growth(node);
      const isBetter =
        best === undefined ||
        grows < least ||
        (grows === least && (fedAt[node]! > fedAt[best]! || (fedAt[node] === fedAt[best] && node < best)));
      if (isBetter) [best, least] = [node, grows];
    }
    const node = best!;
    ready.delete(node);
    order.push(node);
    for (const bundle of into[node]!) left[bundle]! -= 1;
    const bundle = from[node];
    if (bundle === undefined) continue;
    isOpen[bundle] = true;
    for (const target of targets[bundle]!) {
      fedAt[target] = order.length;
      missing[target]! -= 1;
      if (missing[target] === 0) ready.add(target);
    }
  }
  return order;
}
