import { createHash } from 'node:crypto';
import type { TaskId } from '../../model/ids.ts';
import { ownValue } from '../../model/own-value.ts';
import type { Fingerprint, Made, ReuseChange, Settings } from '../../model/run/reuse.ts';

/** What is written of the task that is not as it was then; the first that is found. */
export function changedSettings(then: Settings, now: Settings): ReuseChange | undefined {
  if (then.command !== now.command) return { kind: 'command' };
  const params = differing(then.params, now.params);
  if (params.length > 0) return { kind: 'parameters', names: params };
  const variables = differing(then.variables, now.variables);
  if (variables.length > 0) return { kind: 'environment', names: variables };
  return then.database === now.database ? undefined : { kind: 'database' };
}

/** The first task upstream that has made something else since. */
export function changedUpstream(then: Fingerprint['upstream'], now: Fingerprint['upstream']): ReuseChange | undefined {
  const names = Object.keys(now);
  if (names.length !== Object.keys(then).length) return { kind: 'dependencies' };
  for (const name of names) {
    const before = ownValue(then, name);
    if (before === undefined) return { kind: 'dependencies' };
    if (!isSame(before, now[name]!)) return { kind: 'upstream', task: name as TaskId };
  }
  return undefined;
}

/** The first input whose content is not as it was, in the order of their names. */
export function changedInputs(
  then: Fingerprint['inputs'],
  now: Fingerprint['inputs'],
): Extract<ReuseChange, { readonly kind: 'input' }> | undefined {
  const paths = [...new Set([...Object.keys(then), ...Object.keys(now)])].sort();
  const [path, ...more] = paths.filter((one) => ownValue(then, one)?.hash !== ownValue(now, one)?.hash);
  if (path === undefined) return undefined;
  const how = ownValue(then, path) === undefined ? 'new' : ownValue(now, path) === undefined ? 'gone' : 'changed';
  return { kind: 'input', path, how, ...(more.length === 0 ? {} : { more: more.length }) };
}

/** What a success has made; `before` is what the task had made until then, and is kept where it says that it changed nothing. */
export function madeBy(
  success: {
    /** `RUN#ATTEMPT`. */
    readonly attempt: string;
    /** A hash of its outputs; absent when it declares none. */
    readonly files?: string;
    /** It holds connections to the database, so that its outputs are not all that it makes. */
    readonly usesDatabase: boolean;
    /** As it reports. */
    readonly rowsChanged?: number;
  },
  before: Made | undefined,
): Made {
  const { attempt, files, usesDatabase, rowsChanged } = success;
  const ofFiles = files === undefined ? {} : { files };
  if (files !== undefined && !usesDatabase) return ofFiles;
  const isUnchanged = rowsChanged === 0 && before?.data !== undefined;
  return { data: isUnchanged ? before.data : attempt, ...ofFiles };
}

/** One hash of several files, by their paths. */
export function hashOfFiles(files: Fingerprint['inputs']): string {
  const lines = Object.entries(files).map(([path, { hash }]) => `${hash} ${path}\n`);
  return createHash('sha256').update(lines.toSorted().join('')).digest('hex');
}

function isSame(one: Made, other: Made): boolean {
  return one.data === other.data && one.files === other.files;
}

function differing(then: Settings['params'], now: Settings['params']): readonly string[] {
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])].sort();
  return names.filter((name) => ownValue(then, name) !== ownValue(now, name));
}
