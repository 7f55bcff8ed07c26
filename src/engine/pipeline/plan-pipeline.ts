import type { Diagnostic, DiagnosticCode } from '../model/diagnostic.ts';
import type { PipelineSpec } from '../model/pipeline/pipeline.ts';
import type { Plan, Selection } from '../model/pipeline/plan.ts';
import { buildPlan } from '../plan/build-plan.ts';
import type { Durations } from '../plan/expected-durations.ts';
import { findCycles } from '../plan/find-cycles.ts';
import { findReferenceErrors } from '../plan/find-reference-errors.ts';
import { readPipeline } from '../spec/read-pipeline.ts';

/**
 * From a file to a plan in one pass: mistakes of the file and of its graph come together, in the order of the file. With
 * mistakes in the file, those of the graph are told as far as the file is complete. `spec` is there when the file itself is
 * right. Of one kind of mistake only the first are listed, and the rest is counted.
 */
export function planPipeline(
  text: string,
  file: string,
  selection: Selection = {},
  durations: Durations = new Map(),
): { readonly spec?: PipelineSpec; readonly plan?: Plan; readonly diagnostics: readonly Diagnostic[] } {
  const { partial, diagnostics } = readPipeline(text, file);
  if (partial === undefined) return { diagnostics };
  const { spec, locations, completeness } = partial;
  if (diagnostics.length === 0) {
    const planned = buildPlan(spec, selection, durations, locations);
    return { spec, ...planned, diagnostics: listed(planned.diagnostics) };
  }
  return {
    diagnostics: listed([
      ...diagnostics,
      ...findReferenceErrors(spec, locations, completeness),
      ...findCycles(spec, locations),
    ]),
  };
}

function listed(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const sorted = [...diagnostics].sort(
    (a, b) => (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.col ?? 0) - (b.at?.col ?? 0),
  );
  return capDiagnostics(sorted);
}

const maxPerCode = 20;

/**
 * `diagnostics` with at most 20 of each code. Where some are left out, one more says how many, at the location of the
 * first of them: a generated file may repeat one mistake forty thousand times.
 */
function capDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const counts = new Map<DiagnosticCode, number>();
  for (const { code } of diagnostics) counts.set(code, (counts.get(code) ?? 0) + 1);
  const seen = new Map<DiagnosticCode, number>();
  return diagnostics.flatMap((diagnostic) => {
    const { code, severity, at } = diagnostic;
    const number = (seen.get(code) ?? 0) + 1;
    seen.set(code, number);
    const more = counts.get(code)! - maxPerCode;
    // A line "and 1 more" would take as much room as the diagnostic itself.
    if (number <= maxPerCode || more === 1) return [diagnostic];
    if (number > maxPerCode + 1) return [];
    return [
      { code, severity, message: `and ${more.toLocaleString('en-US')} more of this kind`, more, ...(at && { at }) },
    ];
  });
}
