import type { Diagnostic } from './model/diagnostic.ts';
import type { PipelineSpec } from './model/pipeline.ts';
import type { Plan, Selection } from './model/plan.ts';
import { buildPlan } from './plan/build-plan.ts';
import type { Durations } from './plan/expected-durations.ts';
import { findCycles } from './plan/find-cycles.ts';
import { findMistakes } from './plan/find-mistakes.ts';
import { readDraft } from './spec/read-pipeline.ts';

/**
 * From a file to a plan in one pass: mistakes of the file and of its graph come together, in the order of the file. With
 * mistakes in the file, those of the graph are told as far as they are certain. `spec` is there when the file itself is right.
 */
export function planPipeline(
  text: string,
  file: string,
  selection: Selection = {},
  durations: Durations = new Map(),
): { readonly spec?: PipelineSpec; readonly plan?: Plan; readonly diagnostics: readonly Diagnostic[] } {
  const { draft, diagnostics } = readDraft(text, file);
  if (draft === undefined) return { diagnostics };
  const { spec, places, certain } = draft;
  if (diagnostics.length === 0) {
    const planned = buildPlan(spec, selection, durations, places);
    return { spec, ...planned, diagnostics: inOrder(planned.diagnostics) };
  }
  return {
    diagnostics: inOrder([...diagnostics, ...findMistakes(spec, places, certain), ...findCycles(spec, places)]),
  };
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) => (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.col ?? 0) - (b.at?.col ?? 0));
}
