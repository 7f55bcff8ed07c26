import { reportError } from '../report.ts';
import type { Cursor } from './cursor.ts';
import type { SourceRange, YamlEntry, YamlMap, YamlNode } from './yaml-node.ts';

/** Keys with a meaning of their own in JavaScript objects. */
export const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Takes a mapping's entries one by one and reports those that YAML or we forbid. */
export type MapBuilder = { readonly entries: YamlEntry[]; readonly seen: Map<string, SourceRange>; complete: boolean };

export function createMapBuilder(): MapBuilder {
  return { entries: [], seen: new Map(), complete: true };
}

export function addEntry(cursor: Cursor, map: MapBuilder, key: string, at: SourceRange, value: YamlNode): void {
  const { report } = cursor;
  const first = map.seen.get(key);
  if (forbiddenKeys.has(key)) {
    reportError(report, { code: 'spec/forbidden-key', at, message: `"${key}" is not allowed as a key` });
  } else if (key === '<<') {
    const hint = 'write the keys out, or put what tasks share under "defaults"';
    reportError(report, { code: 'spec/unsupported-yaml', at, message: 'merge keys are not supported', hint });
  } else if (first !== undefined) {
    const related = [{ message: 'it was given here before', at: first }];
    reportError(report, { code: 'spec/duplicate-key', at, message: `"${key}" is given twice`, related });
  } else {
    map.seen.set(key, at);
    map.entries.push({ key, at, value });
  }
}

export function finishMap(map: MapBuilder, range: SourceRange): YamlMap {
  return { kind: 'map', start: range.start, end: range.end, entries: map.entries, complete: map.complete };
}
