import { isSecretName } from '../masking/find-secrets.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { parseParamValues } from '../model/params/param-values.ts';
import type { MatrixKey, MatrixValues } from '../model/pipeline/matrix.ts';
import type { ParamSpec, PipelineSpec } from '../model/pipeline/pipeline.ts';
import { failed, ok, type Result } from '../model/result.ts';

/**
 * What the matrices of a pipeline are filled with when its parameters have these values; of a parameter without a value
 * nothing is known yet. Errors: `plan/bad-matrix` for a secret one, because the values of a matrix are shown everywhere.
 */
export function matrixValues(
  spec: PipelineSpec,
  params: ReadonlyMap<string, string>,
): Result<MatrixValues, readonly Diagnostic[]> {
  const declared = new Set(spec.secrets);
  const used = new Map<string, MatrixKey>();
  for (const { matrix } of spec.tasks) {
    for (const key of matrix?.keys ?? []) if (key.source.kind === 'param') used.set(key.source.param, key);
  }
  const secret = [...used].filter(([name]) => isSecretName(name, declared));
  if (secret.length > 0) return failed(secret.map(([name, key]) => secretParam(name, key)));
  const values = spec.params.flatMap((param) => {
    const value = params.get(param.name);
    return value === undefined || !used.has(param.name) ? [] : [[param.name, valuesOf(param, value)] as const];
  });
  return ok({ params: Object.fromEntries(values) });
}

/** Of a parameter that is just text, what stands between commas. */
function valuesOf(param: ParamSpec, text: string): readonly string[] {
  if (param.type !== undefined) return parseParamValues(param, text);
  const values = text.split(',').map((value) => value.trim());
  return values.filter((value) => value !== '');
}

function secretParam(name: string, { at }: MatrixKey): Diagnostic {
  return {
    code: 'plan/bad-matrix',
    severity: 'error',
    message: `parameter "${name}" is secret, but the values of a matrix become part of task names, which are shown everywhere`,
    at,
    hint: 'use a short name for each value, and let the task look up the secret by this name',
  };
}
