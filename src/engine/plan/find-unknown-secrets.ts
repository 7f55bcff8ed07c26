import type { Diagnostic } from '../model/diagnostic.ts';
import { didYouMean } from '../model/did-you-mean.ts';
import type { PipelineSpec } from '../model/pipeline.ts';

/**
 * Names under `secrets` that nearly are those of parameters or variables of the file. Any other may be a variable of the
 * environment, which only the run knows.
 */
export function findUnknownSecrets(spec: PipelineSpec): readonly Diagnostic[] {
  const known = new Set([
    ...spec.params.map(({ name }) => name),
    ...Object.keys(spec.env),
    ...spec.tasks.flatMap(({ env }) => Object.keys(env)),
  ]);
  return spec.secrets.flatMap((name) => {
    const meant = known.has(name) ? undefined : didYouMean(name, known);
    if (meant === undefined) return [];
    const message = `"secrets" names "${name}", which is no parameter or variable of the file`;
    const hint = `did you mean "${meant}"? A variable of the environment may be named as well`;
    return [{ code: 'plan/unknown-secret', severity: 'warning', message, hint } as const];
  });
}
