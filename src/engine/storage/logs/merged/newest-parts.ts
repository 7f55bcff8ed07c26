import { type LogPart, listLogParts } from '../log-parts.ts';
import type { OutputSource } from './output-piece.ts';

/**
 * Where to begin with each output so that about the last `limit` bytes of all together are read; files that were written last
 * count as the newest. An output without an entry is read from its beginning.
 */
export async function newestParts(
  sources: readonly OutputSource[],
  limit: number,
): Promise<{ readonly beginnings: ReadonlyMap<OutputSource, number>; readonly isCut: boolean }> {
  const found: { readonly source: OutputSource; readonly part: LogPart }[] = [];
  for (const source of sources) {
    const parts = await listLogParts(source.path).catch(() => []);
    found.push(...parts.map((part) => ({ source, part })));
  }
  found.sort((one, other) => other.part.writtenAt - one.part.writtenAt || other.part.start - one.part.start);
  const beginnings = new Map<OutputSource, number>();
  let bytes = 0;
  for (const { source, part } of found) {
    if (bytes >= limit) break;
    bytes += part.size;
    beginnings.set(source, Math.min(part.start, beginnings.get(source) ?? Number.POSITIVE_INFINITY));
  }
  const all = found.reduce((sum, { part }) => sum + part.size, 0);
  if (all <= limit) return { beginnings: new Map(), isCut: false };
  for (const { source } of found) if (!beginnings.has(source)) beginnings.set(source, Number.POSITIVE_INFINITY);
  return { beginnings, isCut: true };
}
