import type { Diagnostic, DiagnosticCode } from '../model/diagnostic.ts';
import type { PipelineSpec } from '../model/pipeline/pipeline.ts';
import type { Plan, Selection } from '../model/pipeline/plan.ts';
import { ok, type Result } from '../model/result.ts';
import { buildPlan } from '../plan/build-plan.ts';
import type { Durations } from '../plan/expected-durations.ts';
import { findCycles } from '../plan/find-cycles.ts';
import { findEndErrors } from '../plan/find-end-errors.ts';
import { findReferenceErrors } from '../plan/find-reference-errors.ts';
import type { IncludedFile, ReadIncluded } from '../spec/include/included-file.ts';
import { inOrderOf, readPipeline } from '../spec/read-pipeline.ts';
import { matrixValues } from './matrix-values.ts';

/** The values of all parameters of a pipeline, or why they are refused. */
export type ResolveParams = (spec: PipelineSpec) => Result<ReadonlyMap<string, string>, readonly Diagnostic[]>;

/**
 * From a file to a plan in one pass: mistakes of the file and of its graph come together, in the order of the file. With
 * mistakes in the file, those of the graph are told as far as the file is complete. `spec` is there when the file itself is
 * right. Of one kind of mistake only the first are listed, and the rest is counted.
 * @param read reads the files that it includes; absent where no other file may be looked at
 * @param resolve gives the parameters their values; without it, an instance of a task stands for all values of a parameter
 */
export function planPipeline(
  text: string,
  file: string,
  selection: Selection = {},
  durations: Durations = new Map(),
  read?: ReadIncluded,
  resolve: ResolveParams = () => ok(new Map()),
): {
  /** As written: tasks with a matrix are one each. */
  readonly spec?: PipelineSpec;
  readonly plan?: Plan;
  readonly params?: ReadonlyMap<string, string>;
  /** The files that it includes, as far as they could be read. */
  readonly included: readonly IncludedFile[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const { partial, included, diagnostics } = readPipeline(text, file, read);
  const order = inOrderOf(included);
  if (partial === undefined) return { included, diagnostics };
  const { spec, locations, completeness } = partial;
  if (diagnostics.length === 0) {
    const params = resolve(spec);
    const values = params.ok ? matrixValues(spec, params.value) : params;
    const known = values.ok ? values.value : undefined;
    const planned = buildPlan(spec, selection, durations, locations, known);
    const found = listed(planned.diagnostics, order);
    if (!params.ok || !values.ok)
      return { spec, included, diagnostics: [...found, ...(values.ok ? [] : values.error)] };
    return { spec, ...planned, params: params.value, included, diagnostics: found };
  }
  const ofGraph = [
    ...findReferenceErrors(spec, locations, completeness),
    ...findCycles(spec, locations),
    ...findEndErrors(spec, locations, completeness),
  ];
  return { included, diagnostics: listed([...diagnostics, ...ofGraph], order) };
}

function listed(
  diagnostics: readonly Diagnostic[],
  order: (a: Diagnostic, b: Diagnostic) => number,
): readonly Diagnostic[] {
  return capDiagnostics([...diagnostics].sort(order));
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
