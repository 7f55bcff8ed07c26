import {
  type Diagnostic,
  type FoundPipeline,
  findPipeline,
  maskDiagnostics,
  ok,
  type Plan,
  planPipeline,
  resolveParams,
  type Selection,
} from '../../engine/index.ts';
import type { Invocation } from '../invocation.ts';
import { limitMemory } from '../limit-memory.ts';

/** A pipeline that can be run, with the values of its parameters. */
export type LoadedPlan = {
  readonly found: FoundPipeline;
  readonly plan: Plan;
  readonly params: ReadonlyMap<string, string>;
};

/**
 * Finds, reads and plans a pipeline for a run. `loaded` is absent when one of the diagnostics is an error. No diagnostic
 * and no excerpt shows a secret.
 */
export function loadPlan(
  given: string | undefined,
  { cwd, env }: Pick<Invocation, 'cwd' | 'env'>,
  selection: Selection,
  /** Undefined when nothing will be run, and so no value is missed. */
  params: ReadonlyMap<string, string> | undefined,
): {
  readonly loaded?: LoadedPlan;
  readonly diagnostics: readonly Diagnostic[];
  /** Texts by file name, for excerpts; secrets are stars. */
  readonly sources: ReadonlyMap<string, string>;
} {
  const found = findPipeline(given, cwd);
  if (!found.ok) return { diagnostics: [found.error], sources: new Map() };
  const { file, text } = found.value;
  limitMemory(text);
  const { spec, plan, diagnostics } = planPipeline(text, file, selection);
  const resolved =
    params === undefined || spec === undefined ? ok(new Map<string, string>()) : resolveParams(spec, params);
  const mistakes = resolved.ok ? diagnostics : [...diagnostics, ...resolved.error];
  const shown = maskDiagnostics(mistakes, text, env, params ?? new Map());
  return {
    ...(plan === undefined || !resolved.ok ? {} : { loaded: { found: found.value, plan, params: resolved.value } }),
    diagnostics: shown.diagnostics,
    sources: new Map([[file, shown.text]]),
  };
}
