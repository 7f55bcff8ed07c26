import type { MatrixValues } from '../../model/pipeline/matrix.ts';
import type { PipelineSpec } from '../../model/pipeline/pipeline.ts';
import type { Plan } from '../../model/pipeline/plan.ts';

/** What a plan is rebuilt from: the pipeline as written, and what its matrices were filled with. */
export type StoredPipeline = { readonly pipeline: PipelineSpec; readonly values?: MatrixValues };

/** The pipeline of a run as JSON, from which its plan is rebuilt; secrets must be masked before. */
export function encodePipeline({ pipeline, written }: Pick<Plan, 'pipeline' | 'written'>): string {
  const spec = written?.pipeline ?? pipeline;
  const stored = {
    version: 1,
    pipeline: { ...spec, pools: [...spec.pools], slas: { ...spec.slas, levelsMs: [...spec.slas.levelsMs] } },
    ...(written === undefined ? {} : { values: written.values }),
  };
  return `${JSON.stringify(stored)}\n`;
}

/** Undefined when it is not what `encodePipeline` of this version or an earlier one wrote. Never throws. */
export function decodePipeline(text: string): StoredPipeline | undefined {
  try {
    const { version, pipeline, values } = JSON.parse(text) as StoredPipeline & { version: unknown };
    if (version !== 1) return undefined;
    const { pools, slas } = pipeline;
    // Runs of earlier versions did not look at the disk.
    const limits = { ...pipeline.limits, diskFreeBytes: pipeline.limits.diskFreeBytes ?? 0 };
    // A missed SLA had no consequences then.
    const { levelsMs, onMiss = 'warn' } = slas;
    const maps = { pools: new Map(pools), slas: { ...slas, levelsMs: new Map(levelsMs), onMiss } };
    return { pipeline: { ...pipeline, limits, ...maps }, ...(values === undefined ? {} : { values }) };
  } catch {
    return undefined;
  }
}
