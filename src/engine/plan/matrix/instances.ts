import type { Diagnostic, DiagnosticCode } from '../../model/diagnostic.ts';
import type { TaskId } from '../../model/ids.ts';
import { ownValue } from '../../model/own-value.ts';
import {
  anyValue,
  type Instance,
  instanceId,
  linesKey,
  type Matrix,
  type MatrixKey,
  type MatrixSource,
  type MatrixValues,
} from '../../model/pipeline/matrix.ts';
import type { TaskSpec } from '../../model/pipeline/pipeline.ts';

/** The instances of one task, in the order of the values of its keys; the last key changes first. */
export type Instances = {
  readonly keys: readonly string[];
  readonly all: readonly { readonly id: TaskId; readonly values: Instance['values'] }[];
  /** Whether some of its values are not known yet, so that one instance stands for all of them. */
  readonly isOpen: boolean;
};

export const maxInstances = 10_000;
/** Names of directories may have 255 bytes, and a log is named after its task. */
const longestId = 200;

type Report = (code: DiagnosticCode, key: MatrixKey, message: string, hint: string) => void;

/** The instances of a task with a matrix; undefined when its values are refused, which is told in `diagnostics`. */
export function instancesOf(
  { id }: TaskSpec,
  matrix: Matrix,
  values: MatrixValues,
  diagnostics: Diagnostic[],
): Instances | undefined {
  const report: Report = (code, { at }, message, hint) =>
    diagnostics.push({ code, severity: 'error', message, at, hint });
  const before = diagnostics.length;
  const columns = matrix.keys.map((key) => valuesOfKey(id, key, values, report));
  if (diagnostics.length > before) return undefined;
  const [first] = matrix.keys;
  const count = columns.reduce((product, column) => product * column.length, 1);
  if (first === undefined) return undefined;
  if (count > maxInstances) {
    const message = `task "${id}" would have ${count.toLocaleString('en-US')} instances, but at most 10,000 are allowed`;
    report('spec/too-large', first, message, 'let one instance do more, or split the values into several runs');
    return undefined;
  }
  const combinations = columns.reduce<readonly (readonly string[])[]>(
    (rows, column) => rows.flatMap((row) => column.map((value) => [...row, value])),
    [[]],
  );
  const keys = matrix.keys.map(({ name }) => name);
  const all = combinations.map((row) => {
    const own = Object.fromEntries(keys.map((key, at) => [key, row[at]!]));
    return { id: instanceId(id, own), values: own };
  });
  reportUnusableIds(id, first, all, report);
  if (diagnostics.length > before) return undefined;
  return { keys, all, isOpen: columns.some(([only]) => only === anyValue) };
}

/** The values of a key, one by one; `*` as long as they are not known. */
function valuesOfKey(task: TaskId, key: MatrixKey, values: MatrixValues, report: Report): readonly string[] {
  const known = knownValues(key.source, values);
  // A file without lines leaves nothing to do, which the instance that stands for all of them shows.
  if (known === undefined || (known.length === 0 && key.source.kind === 'lines')) return [anyValue];
  const where = `key "${key.name}" of the matrix of task "${task}"`;
  if (key.source.kind === 'param' && known.length === 0) {
    report('plan/bad-matrix', key, `${where} has no value`, `parameter "${key.source.param}" is an empty list`);
  }
  const seen = new Set<string>();
  for (const value of known) {
    // Values of a file or a parameter were not looked at before.
    if (!/^\P{Cc}+$/u.test(value) || value === anyValue) {
      // What is wrong stands in front, because a row of the screen has no room for all of it.
      const what = value === '' ? 'an empty value' : `a value that cannot be part of a name: ${JSON.stringify(value)}`;
      report('plan/bad-matrix', key, `${what}, in ${where}`, 'values become parts of names: load[season=2023]');
      return known;
    }
    if (seen.has(value)) {
      report('plan/bad-matrix', key, `the value "${value}" twice, in ${where}`, 'each value may occur once');
      return known;
    }
    seen.add(value);
  }
  return known;
}

function knownValues(source: MatrixSource, { params, lines }: MatrixValues): readonly string[] | undefined {
  switch (source.kind) {
    case 'listed':
      return source.values;
    case 'param':
      return ownValue(params, source.param);
    case 'lines':
      return ownValue(lines, linesKey(source));
  }
}

/** The logs of two instances must not get into one directory, also where file names know no case. */
function reportUnusableIds(task: TaskId, key: MatrixKey, all: Instances['all'], report: Report): void {
  const folded = new Map<string, TaskId>();
  for (const { id } of all) {
    if (id.length > longestId) {
      const message = `the name of an instance of task "${task}" has more than ${longestId} characters: ${id.slice(0, 60)}…`;
      report('plan/bad-matrix', key, message, 'use shorter values, and look up the long ones in the task');
      return;
    }
    const other = folded.get(id.toLowerCase());
    if (other !== undefined) {
      const message = `instances "${other}" and "${id}" differ in upper and lower case only`;
      report('plan/bad-matrix', key, message, 'on some systems their logs would share one directory');
      return;
    }
    folded.set(id.toLowerCase(), id);
  }
}
