import type { Limits } from '../model/pipeline/pipeline.ts';
import type { Plan } from '../model/pipeline/plan.ts';
import { planPipeline } from '../pipeline/plan-pipeline.ts';

/** A plan of one task whose needs are unknown, by which a machine is judged; without limits those of the format hold. */
export function planOfOneTask(limits?: Limits): Plan {
  const plan = planPipeline('version: 1\nname: any\ntasks: { any: { command: "true" } }\n', 'any').plan!;
  return limits === undefined ? plan : { ...plan, pipeline: { ...plan.pipeline, limits } };
}
