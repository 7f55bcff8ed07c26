import {
  type Diagnostic,
  type FoundPipeline,
  findPipeline,
  ok,
  type Plan,
  planPipeline,
  resolveParams,
  type Selection,
} from '../engine/index.ts';

/** A pipeline that can be run, with the values of its parameters. */
export type LoadedPlan = {
  readonly found: FoundPipeline;
  readonly plan: Plan;
  readonly params: ReadonlyMap<string, string>;
};

/** Finds, reads and plans a pipeline for a run. `loaded` is absent when one of the diagnostics is an error. */
export function loadPlan(
  given: string | undefined,
  cwd: string,
  selection: Selection,
  /** Undefined when nothing will be run, and so no value is missed. */
  params: ReadonlyMap<string, string> | undefined,
): {
  readonly loaded?: LoadedPlan;
  readonly diagnostics: readonly Diagnostic[];
  /** Texts by file name, for excerpts. */
  readonly sources: ReadonlyMap<string, string>;
} {
  const found = findPipeline(given, cwd);
  if (!found.ok) return { diagnostics: [found.error], sources: new Map() };
  const { file, text } = found.value;
  const sources = new Map([[file, text]]);
  const { spec, plan, diagnostics } = planPipeline(text, file, selection);
  if (spec === undefined) return { diagnostics, sources };
  const resolved = params === undefined ? ok(new Map<string, string>()) : resolveParams(spec, params);
  if (!resolved.ok) return { diagnostics: [...diagnostics, ...resolved.error], sources };
  if (plan === undefined) return { diagnostics, sources };
  return { loaded: { found: found.value, plan, params: resolved.value }, diagnostics, sources };
}
