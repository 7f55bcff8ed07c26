import type { Location } from '../diagnostic.ts';
import type { TaskId } from '../ids.ts';
import { ownValue } from '../own-value.ts';

/** Where the values of one key of a matrix come from. */
export type MatrixSource =
  | { readonly kind: 'listed'; readonly values: readonly string[] }
  /** The value of a parameter, which may be several. */
  | { readonly kind: 'param'; readonly param: string }
  | LinesSource;

/** The lines of a file, as written: relative to the project directory. They are known once the task `from` has succeeded. */
export type LinesSource = { readonly kind: 'lines'; readonly file: string; readonly from: TaskId };

export type MatrixKey = { readonly name: string; readonly source: MatrixSource; readonly at: Location };

/** After more failures of instances than this, no further instance of the task is started. */
export type MaxFailures = { readonly count: number } | { readonly share: number };

/** What a task is run for: once for each combination of the values of its keys. */
export type Matrix = {
  /** In the order in which they are written; at least one. */
  readonly keys: readonly MatrixKey[];
  /** Each instance waits until the one before has an outcome, whatever it is. */
  readonly order?: 'sequential';
  readonly maxFailures?: MaxFailures;
};

/** Which combination of values an instance of a task stands for; `*` is a value that is not known yet. */
export type Instance = { readonly of: TaskId; readonly values: Readonly<Record<string, string>> };

/** All instances of one task. */
export type Family = { readonly id: TaskId; readonly order?: 'sequential'; readonly maxFailures?: MaxFailures };

/** What the keys of all matrices of a pipeline are filled with. */
export type MatrixValues = {
  /** By parameter. */
  readonly params: Readonly<Record<string, readonly string[]>>;
  readonly lines?: MatrixLines;
};

/** The lines of files, by file as it is written and the task that writes it; see `linesKey`. */
export type MatrixLines = Readonly<Record<string, readonly string[]>>;

/** Under which name the lines of a file are known: two tasks may write the same one at different times. */
export function linesKey({ file, from }: { readonly file: string; readonly from: TaskId }): string {
  return `${from} ${file}`;
}

/** The task that writes the file of a `linesKey`; no name of a task holds a blank. */
export function writerOfLines(key: string): TaskId {
  return key.slice(0, key.indexOf(' ')) as TaskId;
}

/** Stands for values that are not known yet. */
export const anyValue = '*';

/** `load[season=2023]`, `align[sample=a,unit=1]`: the name of an instance, which no task of a file can have. */
export function instanceId(of: TaskId, values: Instance['values']): TaskId {
  const parts = Object.entries(values).map(([key, value]) => `${key}=${value === anyValue ? value : idText(value)}`);
  return `${of}[${parts.join(',')}]` as TaskId;
}

/** The task of which one with this name is an instance; undefined for any other. */
export function familyOf(id: TaskId): TaskId | undefined {
  const at = id.indexOf('[');
  return at < 1 ? undefined : (id.slice(0, at) as TaskId);
}

/**
 * A value as a part of a name: letters, digits and `_.-+:@%` stay, anything else is percent-encoded, as in an address. A `%`
 * that could be taken for the beginning of such a code is encoded as well, so that two values never have the same text.
 */
function idText(value: string): string {
  const encode = (character: string) =>
    [...new TextEncoder().encode(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join('');
  return value.replace(/%(?=[\da-fA-F]{2})|[^A-Za-z0-9_.\-+:@%]/gu, encode);
}

/** The text with `${matrix:season}` replaced by the value of an instance. */
export function fillIn(text: string, { values }: Pick<Instance, 'values'>): string {
  if (!text.includes('${matrix:')) return text;
  return text.replace(/\$\{matrix:([a-z][a-z0-9_]*)\}/g, (written, key: string) => ownValue(values, key) ?? written);
}

/** Whether a task is the one with this name, or one of the instances that `load[season=2023,unit=*]` stands for. */
export function isNamedBy(name: string, id: TaskId): boolean {
  if (name === id) return true;
  // No value in a name holds one of these.
  const [own = [], others = []] = [name, id].map((text) => text.split(/[[,\]]/));
  const isLike = (part: string, other: string) =>
    part === other || (part.endsWith('=*') && other.startsWith(part.slice(0, -1)));
  return own.length === others.length && own.every((part, at) => isLike(part, others[at]!));
}

/** Whether an instance stands for values that are not known yet, or for none at all. */
export function isPlaceholder(instance: Instance | undefined): boolean {
  return instance !== undefined && Object.values(instance.values).includes(anyValue);
}
