import { join } from 'node:path';
import { findControlGroups, ownSystem, type SystemFiles, valueIn } from './control-groups.ts';

/** Reads how often the kernel has ended a process for lack of memory: in our control group if it counts, else anywhere. */
export function openOomKills(files: SystemFiles = ownSystem): () => number | undefined {
  const groups = findControlGroups(files);
  const sources: readonly (readonly [path: string, name: string])[] = [
    ...groups.version2.map((group) => [join(group, 'memory.events'), 'oom_kill'] as const),
    ...groups.version1('memory').map((group) => [join(group, 'memory.oom_control'), 'oom_kill'] as const),
    [`${files.proc}/vmstat`, 'oom_kill'],
  ];
  const source = sources.find(([path, name]) => valueIn(path, name) !== undefined);
  return () => (source === undefined ? undefined : valueIn(...source));
}
