import type { Diagnostic } from '../../model/diagnostic.ts';
import { ownValue } from '../../model/own-value.ts';
import { isPlaceholder, type MatrixKey } from '../../model/pipeline/matrix.ts';
import type { Plan } from '../../model/pipeline/plan.ts';

/**
 * The error `plan/bad-matrix` when a matrix takes its values from a parameter and the plan was made without the values of
 * parameters, which is enough to show it: nothing in a run would ever tell which instances there are.
 */
export function refuseUnresolved({ tasks, written }: Plan): Diagnostic | undefined {
  const open = new Set(tasks.flatMap(({ spec }) => (isPlaceholder(spec.instance) ? [spec.instance?.of] : [])));
  const { params = {} } = written?.values ?? {};
  for (const { id, matrix } of written?.pipeline.tasks ?? []) {
    if (!open.has(id)) continue;
    for (const { name, source, at } of matrix?.keys ?? []) {
      if (source.kind === 'param' && ownValue(params, source.param) === undefined)
        return unresolved(id, name, source, at);
    }
  }
  return undefined;
}

function unresolved(
  task: string,
  key: string,
  { param }: Extract<MatrixKey['source'], { readonly kind: 'param' }>,
  at: MatrixKey['at'],
): Diagnostic {
  return {
    code: 'plan/bad-matrix',
    severity: 'error',
    message: `key "${key}" of the matrix of task "${task}" has no values: the plan was made without the value of parameter "${param}"`,
    at,
    hint: 'give the parameters their values when the pipeline is planned: planPipeline(…, resolve)',
  };
}
