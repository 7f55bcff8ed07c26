import { resolve } from 'node:path';
import { isSecretName } from '../../masking/find-secrets.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Awaited } from '../../model/pipeline/pipeline.ts';
import { didYouMean } from '../../model/text/did-you-mean.ts';
import { withDeadline } from '../../platform/with-deadline.ts';
import { readOtherPipeline } from '../conditions/other-pipeline.ts';
import type { RunRequest } from '../request/run-request.ts';

type AwaitedRun = Extract<Awaited, { readonly kind: 'pipeline' }>;

/** A directory that does not answer is not waited for: the look at it belongs to the run. */
const answerWithinMs = 2_000;

/** A warning `run/waits-in-vain` for each task that waits for a run of another pipeline that cannot be: hours later it is too late. */
export async function findVainWaits({
  plan,
  projectDir,
}: Pick<RunRequest, 'plan' | 'projectDir'>): Promise<readonly Diagnostic[]> {
  const found = plan.tasks.map(async ({ spec: { id, waitFor }, skip }) => {
    if (skip || waitFor?.for.kind !== 'pipeline') return [];
    const secrets = new Set(plan.pipeline.secrets);
    const mistake = await withDeadline(findMistake(waitFor.for, projectDir, secrets), answerWithinMs, () => undefined);
    if (mistake === undefined) return [];
    const [why, hint] = mistake;
    const message = `task "${id}" waits for a run of "${waitFor.for.file}" that cannot happen: ${why}`;
    return [{ code: 'run/waits-in-vain', severity: 'warning', message, hint } as const];
  });
  return (await Promise.all(found)).flat();
}

async function findMistake(
  { file, params }: AwaitedRun,
  projectDir: string,
  secrets: ReadonlySet<string>,
): Promise<readonly [why: string, hint: string] | undefined> {
  const other = await readOtherPipeline(resolve(projectDir, file));
  if (other === undefined)
    return ['there is no pipeline', 'use the path of its file or directory, relative to the project'];
  const known = new Set(other.spec.params.map(({ name }) => name));
  for (const name of params) {
    if (isSecretName(name, secrets))
      return [`the value of its parameter "${name}" is secret and not stored`, 'use parameters that are not secret'];
    if (known.has(name)) continue;
    const meant = didYouMean(name, known);
    const there = known.size === 0 ? 'it declares none' : `it declares: ${[...known].join(', ')}`;
    return [`it has no parameter "${name}"`, meant === undefined ? there : `did you mean "${meant}"?`];
  }
  return undefined;
}
