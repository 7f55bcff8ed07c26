import {
  type Diagnostic,
  type EpochMs,
  type FoundPipeline,
  findPipeline,
  type IncludedFile,
  maskDiagnostics,
  ok,
  type Plan,
  planPipeline,
  readSurroundings,
  resolveParams,
  type Selection,
  type Surroundings,
} from '../../engine/index.ts';
import type { Invocation } from '../invocation.ts';
import { limitMemory } from '../limit-memory.ts';

/** A pipeline that can be run, with the values of its parameters. */
export type LoadedPlan = {
  readonly found: FoundPipeline;
  /** The files that its file includes. */
  readonly included: readonly IncludedFile[];
  readonly plan: Plan;
  readonly params: ReadonlyMap<string, string>;
  /** Without its files of variables, when nothing will be run. */
  readonly surroundings: Surroundings;
};

/**
 * Finds, reads and plans a pipeline for a run. `loaded` is absent when one of the diagnostics is an error. No diagnostic
 * and no excerpt shows a secret.
 */
export function loadPlan(
  given: string | undefined,
  { cwd, env }: Pick<Invocation, 'cwd' | 'env'>,
  selection: Selection,
  /** Undefined when nothing will be run, and so no value and no file is missed. */
  params: ReadonlyMap<string, string> | undefined,
): {
  readonly loaded?: LoadedPlan;
  readonly diagnostics: readonly Diagnostic[];
  /** Texts by file name, for excerpts; secrets are stars. */
  readonly sources: ReadonlyMap<string, string>;
} {
  const found = findPipeline(given, cwd);
  if (!found.ok) return { diagnostics: [found.error], sources: new Map() };
  const { file, text, projectDir, readIncluded } = found.value;
  limitMemory(text);
  const { spec, plan, included, diagnostics } = planPipeline(text, file, selection, undefined, readIncluded);
  const resolved =
    params === undefined || spec === undefined
      ? ok(new Map<string, string>())
      : resolveParams(spec, params, Date.now() as EpochMs);
  const around =
    params === undefined || plan === undefined
      ? ok({ env, envFiles: new Map() })
      : readSurroundings(plan, projectDir, env);
  const mistakes = [...diagnostics, ...(resolved.ok ? [] : resolved.error), ...(around.ok ? [] : around.error)];
  const texts = new Map([[file, text], ...included.map((one) => [one.file, one.text] as const)]);
  const shown = maskDiagnostics(mistakes, texts, env, params ?? new Map());
  return {
    ...(plan === undefined || !resolved.ok || !around.ok
      ? {}
      : { loaded: { found: found.value, included, plan, params: resolved.value, surroundings: around.value } }),
    diagnostics: shown.diagnostics,
    sources: shown.texts,
  };
}
