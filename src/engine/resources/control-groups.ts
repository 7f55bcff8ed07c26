import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { procText } from './proc-text.ts';

/** Where the kernel's files are; tests pass directories of their own. */
export type SystemFiles = { readonly proc: string; readonly cgroup: string };

export const ownSystem: SystemFiles = { proc: '/proc', cgroup: '/sys/fs/cgroup' };

/** The directories of this process's control groups, each followed by those of the groups above it. */
export type ControlGroups = {
  readonly version2: readonly string[];
  /** Of a controller of version 1, which has a hierarchy of its own; none where there is no such controller. */
  readonly version1: (controller: string) => readonly string[];
};

export function findControlGroups({ proc, cgroup }: SystemFiles): ControlGroups {
  const lines = (procText(`${proc}/self/cgroup`) ?? '').split('\n').map((line) => line.split(':'));
  const upwards = (root: string, path: string[]): readonly string[] => {
    const parts = path
      .join(':')
      .split('/')
      .filter((part) => part !== '' && part !== '..');
    return parts.map((_, at) => join(root, ...parts.slice(0, parts.length - at))).concat(root);
  };
  const version1 = (controller: string) => {
    const line = lines.find(([, names = '']) => names.split(',').includes(controller));
    if (line === undefined) return [];
    const [, names = '', ...path] = line;
    // Named after all its controllers, usually with a link for each; inside a container the path may lead nowhere.
    const root = [names, controller].map((name) => join(cgroup, name)).find((at) => existsSync(at));
    return root === undefined ? [] : upwards(root, path);
  };
  const unified = lines.find(([number, names]) => number === '0' && names === '');
  if (unified === undefined) return { version2: [], version1 };
  const mixed = join(cgroup, 'unified');
  return { version2: upwards(existsSync(mixed) ? mixed : cgroup, unified.slice(2)), version1 };
}

/** The number behind `name` in a file with a name and a number on each line. */
export function valueIn(path: string, name: string): number | undefined {
  const value = new RegExp(`^${name} (\\d+)$`, 'm').exec(procText(path) ?? '')?.[1];
  return value === undefined ? undefined : Number(value);
}
