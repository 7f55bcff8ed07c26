import type { PipelineSpec } from '../../model/pipeline/pipeline.ts';

/** The pipeline of a run as JSON, from which its plan is rebuilt; secrets must be masked before. */
export function encodePipeline(spec: PipelineSpec): string {
  const stored = {
    version: 1,
    pipeline: { ...spec, pools: [...spec.pools], slas: { ...spec.slas, levelsMs: [...spec.slas.levelsMs] } },
  };
  return `${JSON.stringify(stored)}\n`;
}

/** Undefined when it is not what `encodePipeline` of this version or an earlier one wrote. Never throws. */
export function decodePipeline(text: string): PipelineSpec | undefined {
  try {
    const { version, pipeline } = JSON.parse(text) as { version: unknown; pipeline: PipelineSpec };
    if (version !== 1) return undefined;
    const { pools, slas } = pipeline;
    // Runs of earlier versions did not look at the disk.
    const limits = { ...pipeline.limits, diskFreeBytes: pipeline.limits.diskFreeBytes ?? 0 };
    // A missed SLA had no consequences then.
    const { levelsMs, onMiss = 'warn' } = slas;
    return { ...pipeline, limits, pools: new Map(pools), slas: { ...slas, levelsMs: new Map(levelsMs), onMiss } };
  } catch {
    return undefined;
  }
}
