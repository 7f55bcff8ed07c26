import type { Diagnostic } from '../../model/diagnostic.ts';
import type { TaskId } from '../../model/ids.ts';
import { isPlaceholder, linesKey, type MatrixLines, type MatrixValues } from '../../model/pipeline/matrix.ts';
import type { PipelineSpec } from '../../model/pipeline/pipeline.ts';
import { type OpenMatrices, type Plan, type PlannedTask, withHash } from '../../model/pipeline/plan.ts';
import { failed, ok, type Result } from '../../model/result.ts';

type Build = (values: MatrixValues) => { readonly plan?: Plan; readonly diagnostics: readonly Diagnostic[] };

/**
 * The field of a plan for matrices whose values are lines of files, as far as these are not known yet; empty without any.
 * @param planned the tasks of the plan
 * @param build makes the plan with other values
 * @param hash that of the plan, which stays: the file decides what is run
 */
export function openMatrices(
  { tasks }: PipelineSpec,
  planned: readonly Pick<PlannedTask, 'spec'>[],
  values: MatrixValues,
  build: Build,
  hash: string,
): { readonly open?: OpenMatrices } {
  const files = new Map<TaskId, Set<string>>();
  const placeholders = planned.filter(({ spec }) => isPlaceholder(spec.instance)).map(({ spec }) => spec.instance?.of);
  if (placeholders.length === 0) return {};
  const left = new Set(placeholders);
  for (const { id, matrix } of tasks) {
    if (!left.has(id)) continue;
    for (const { source } of matrix?.keys ?? []) {
      if (source.kind !== 'lines' || values.lines?.[linesKey(source)] !== undefined) continue;
      const known = files.get(source.from);
      if (known === undefined) files.set(source.from, new Set([source.file]));
      else known.add(source.file);
    }
  }
  if (files.size === 0) return {};
  const plans = new Map<string, Result<Plan, string>>();
  const fill = (lines: MatrixLines): Result<Plan, string> => {
    const name = JSON.stringify(lines);
    const known = plans.get(name);
    if (known !== undefined) return known;
    const { plan, diagnostics } = build({ ...values, lines: { ...values.lines, ...lines } });
    const filled =
      plan === undefined ? failed(diagnostics[0]?.message ?? 'there is nothing to run') : ok(withHash(plan, hash));
    plans.set(name, filled);
    return filled;
  };
  return { open: { files: new Map([...files].map(([from, names]) => [from, [...names]])), fill } };
}
