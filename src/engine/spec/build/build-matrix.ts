import type { TaskId } from '../../model/ids.ts';
import type { Matrix, MatrixSource } from '../../model/pipeline/matrix.ts';
import { didYouMean } from '../../model/text/did-you-mean.ts';
import { type Report, reportError } from '../report-error.ts';
import type { PipelineRecord } from '../schema/pipeline-shape.ts';
import { valueRange } from '../schema/record-shape.ts';
import type { LocatedText } from '../schema/scalar-shapes.ts';
import type { MatrixRecord, MatrixValuesRecord } from '../schema/sections/matrix-shape.ts';
import { locate } from '../source.ts';
import type { SourceRange } from '../yaml/yaml-node.ts';
import type { CollectedTask } from './collect-tasks.ts';

/** The matrix of a task: its own, else that of its level. */
export function matrixRecordOf({ record, level }: CollectedTask): MatrixRecord | undefined {
  return record?.matrix ?? level?.matrix;
}

/** The field of a task; absent without a matrix. */
export function buildMatrix(written: MatrixRecord | undefined, report: Report): { readonly matrix?: Matrix } {
  if (written === undefined) return {};
  const keys = written.keys.flatMap(({ name, at, values }) => {
    const source = values === undefined ? undefined : sourceOf(values);
    return source === undefined ? [] : [{ name, source, at: locate(report.source, at) }];
  });
  return {
    matrix: {
      keys,
      ...(written.order === 'sequential' ? { order: 'sequential' as const } : {}),
      ...(written.maxFailures === undefined ? {} : { maxFailures: written.maxFailures }),
    },
  };
}

function sourceOf(values: NonNullable<MatrixValuesRecord>): MatrixSource | undefined {
  if ('text' in values) return { kind: 'param', param: paramOf(values) };
  if (!('node' in values)) return { kind: 'listed', values: values.map(({ text }) => text) };
  const { lines, from } = values;
  return lines === undefined || from === undefined
    ? undefined
    : { kind: 'lines', file: lines, from: from.text as TaskId };
}

/** The parameters of whose values a matrix makes a task each. */
export function matrixParams(tasks: ReadonlyMap<string, CollectedTask>): ReadonlySet<string> {
  const keys = [...tasks.values()].flatMap((task) => matrixRecordOf(task)?.keys ?? []);
  return new Set(keys.flatMap(({ values }) => (values !== undefined && 'text' in values ? [paramOf(values)] : [])));
}

/** `season` of `${param:season}`. */
function paramOf({ text }: LocatedText): string {
  return text.slice('${param:'.length, -1);
}

/** The tasks that write the lines of a matrix, with the places where they are named. */
export function lineWriters(matrix: MatrixRecord | undefined): readonly LocatedText[] {
  return (matrix?.keys ?? []).flatMap(({ values }) =>
    values !== undefined && 'node' in values && values.from !== undefined ? [values.from] : [],
  );
}

/**
 * Checks what the matrices of a file name: parameters that are declared, and in the outputs and variables of a task only
 * keys of its own matrix.
 */
export function checkMatrices(
  tasks: ReadonlyMap<string, CollectedTask>,
  { params, env, node }: PipelineRecord,
  report: Report,
): void {
  checkShared(env, report);
  const declared = new Set((params?.entries ?? []).map(({ name }) => name));
  const certain = node.complete && (params?.complete ?? !node.entries.some(({ key }) => key === 'params'));
  const seen = new Set<MatrixRecord>();
  for (const task of tasks.values()) {
    const matrix = matrixRecordOf(task);
    checkReferences(task, matrix, report);
    // That of a level is shared by its tasks.
    if (matrix === undefined || seen.has(matrix)) continue;
    seen.add(matrix);
    for (const { text: from, ...at } of lineWriters(matrix)) {
      const writer = tasks.get(from);
      if (writer === undefined || matrixRecordOf(writer) === undefined) continue;
      const message = `task "${from}" has a matrix itself, so all its instances would write the file`;
      const hint = 'use one task without a matrix to write the values';
      reportError(report, { code: 'plan/bad-matrix', at, message, hint });
    }
    for (const { values } of matrix.keys) {
      if (!certain || values === undefined || !('text' in values)) continue;
      const param = paramOf(values);
      if (declared.has(param)) continue;
      const meant = didYouMean(param, declared);
      const hint = meant === undefined ? 'declare it under "params"' : `did you mean "${meant}"?`;
      const message = `there is no parameter "${param}"`;
      reportError(report, { code: 'plan/unknown-param', at: values, message, hint });
    }
  }
}

function checkReferences({ name, record }: CollectedTask, matrix: MatrixRecord | undefined, report: Report): void {
  if (record === undefined) return;
  const keys = new Set((matrix?.keys ?? []).map((key) => key.name));
  const outputs = (record.outputs ?? []).map((text) => ({ text, ...valueRange(record.node, 'outputs') }));
  const awaited = record.wait_for?.file === undefined ? [] : [record.wait_for.file];
  for (const [written, key, at] of referencesIn([...outputs, ...awaited, ...valuesOf(record.env)])) {
    if (keys.has(key)) continue;
    const meant = didYouMean(key, keys);
    const list = keys.size === 0 ? 'the task has no matrix' : `its matrix has: ${[...keys].join(', ')}`;
    const hint = meant === undefined ? list : `did you mean "${meant}"?`;
    const message = `task "${name}" has no key "${key}" in its matrix, which ${written} names`;
    reportError(report, { code: 'plan/bad-matrix', at, message, hint });
  }
}

/** Variables of the pipeline hold for every task, whatever its matrix. */
function checkShared(env: PipelineRecord['env'], report: Report): void {
  for (const [written, , at] of referencesIn(valuesOf(env))) {
    const hint = 'put the variable under "env" of the task with the matrix';
    const message = `${written} has no meaning here: the pipeline has no matrix`;
    reportError(report, { code: 'plan/bad-matrix', at, message, hint });
  }
}

function valuesOf(env: PipelineRecord['env']): readonly LocatedText[] {
  return (env?.entries ?? []).flatMap(({ value }) => (value === undefined ? [] : [value]));
}

/** Each `${matrix:key}`: as it is written, its key, and where. `$${` stands for a literal `${`. */
function referencesIn(texts: readonly LocatedText[]): readonly (readonly [string, string, SourceRange])[] {
  return texts.flatMap(({ text, start, end }) =>
    [...text.matchAll(/(?<!\$)\$\{matrix:([^}]*)\}/g)].map(
      ([written, key = '']) => [written, key, { start, end }] as const,
    ),
  );
}
