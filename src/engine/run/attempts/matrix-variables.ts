import { variablesOf } from '../../model/params/param-variables.ts';
import type { Instance, MatrixKey } from '../../model/pipeline/matrix.ts';
import type { ParamSpec, PipelineSpec } from '../../model/pipeline/pipeline.ts';

/**
 * The variables of an instance: `ETL_MATRIX_SEASON` for each key of its matrix, and of a value that is that of a date, month
 * or hour also its parts and the value after it.
 * @param written the pipeline with its matrices
 */
export function matrixVariables(
  written: PipelineSpec,
): (instance: Instance | undefined) => Readonly<Record<string, string>> {
  const matrices = new Map(written.tasks.map(({ id, matrix }) => [id, matrix]));
  const params = new Map(written.params.map((param) => [param.name, param]));
  const paramOf = (key: MatrixKey | undefined): ParamSpec | undefined =>
    key?.source.kind === 'param' ? params.get(key.source.param) : undefined;
  return (instance) => {
    if (instance === undefined) return {};
    const keys = matrices.get(instance.of)?.keys ?? [];
    const values = Object.entries(instance.values);
    const parts = values.map(([name, value]) =>
      variablesOf(variableOfKey(name), paramOf(keys.find((key) => key.name === name)), value),
    );
    // A key of its own may have the name of a part of another.
    const own = Object.fromEntries(values.map(([name, value]) => [variableOfKey(name), value]));
    return Object.assign({}, ...parts, own) as Readonly<Record<string, string>>;
  };
}

function variableOfKey(name: string): string {
  return `ETL_MATRIX_${name.toUpperCase()}`;
}
