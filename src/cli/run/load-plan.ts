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
  /** Undefined where no values are to be known, and so no value and no file is missed. */
  params: ReadonlyMap<string, string> | undefined,
  /** Checks miss nothing that only tasks are given; where nothing will be run, no value and no file is missed. */
  runs: 'tasks' | 'checks' | 'nothing' = 'tasks',
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
  const planned = planPipeline(text, file, selection, undefined, readIncluded, (spec) =>
    params === undefined
      ? ok(new Map())
      : resolveParams(spec, params, Date.now() as EpochMs, runs === 'nothing' ? 'left-out' : 'refused'),
  );
  const { plan, included, diagnostics } = planned;
  const around =
    params === undefined || plan === undefined || runs === 'nothing'
      ? ok({ env, envFiles: new Map() })
      : readSurroundings(runs === 'tasks' ? plan : { ...plan, tasks: [] }, projectDir, env);
  const mistakes = [...diagnostics, ...(around.ok ? [] : around.error)];
  const texts = new Map([[file, text], ...included.map((one) => [one.file, one.text] as const)]);
  const shown = maskDiagnostics(mistakes, texts, env, params ?? new Map());
  const values = planned.params ?? new Map<string, string>();
  return {
    ...(plan === undefined || !around.ok
      ? {}
      : { loaded: { found: found.value, included, plan, params: values, surroundings: around.value } }),
    diagnostics: shown.diagnostics,
    sources: shown.texts,
  };
}
