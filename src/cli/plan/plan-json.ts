import { awaitedBy } from '../../display/end-text.ts';
import { taskCountJson } from '../../display/task-count-text.ts';
import type { Plan, RequestPreview } from '../../engine/index.ts';
import { conditionsJson } from './conditions-json.ts';
import { savingSentence } from './plan-sentences.ts';
import { type ReusePreviews, reuseJson } from './reuse-lines.ts';

type Run = RequestPreview['run'];

/** What a run would be like, for programs; null is unknown. */
export function planJson(
  preview: RequestPreview,
  reuse: ReusePreviews,
  params?: Readonly<Record<string, string>>,
): object {
  const { plan, options, forecast, waves, criticalPath, run, predictions, waits, savings, machine } = preview;
  const isKnown = preview.known > 0;
  const secondsOf = (ms: number) => (isKnown ? seconds(ms) : null);
  const nameOf = (index: number) => plan.tasks[index]!.spec.id;
  const critical = new Set(criticalPath.tasks);
  return {
    pipeline: plan.pipeline.name,
    plan_hash: plan.hash,
    counts: taskCountJson(waves.flat().map((index) => plan.tasks[index]!.spec)),
    params,
    runs: preview.runs,
    max_parallel: options.sequential ? 1 : options.maxParallel,
    sequential: options.sequential,
    run_limit_seconds: plan.pipeline.limits.runMs === undefined ? null : seconds(plan.pipeline.limits.runMs),
    machine: { cores: machine.cores, memory_bytes: machine.memoryBytes, connections: options.connectionBudget ?? null },
    total_duration_seconds: secondsOf(run.durationMs),
    peak: peakOf(run),
    critical_path: { tasks: criticalPath.tasks.map(nameOf), seconds: secondsOf(criticalPath.totalMs) },
    predictions: predictions.map(({ limit, run: other }) => ({
      max_parallel: limit,
      total_duration_seconds: secondsOf(other.durationMs),
      peak: peakOf(other),
    })),
    tasks: waves.flatMap((wave, at) =>
      wave.map((index) => ({
        task: nameOf(index),
        wave: at + 1,
        after: awaitedBy(plan.tasks[index]!).map(nameOf),
        ...atEnd(plan.tasks[index]!),
        critical: critical.has(index),
        duration_seconds: forecast.isKnown[index] ? seconds(forecast.taskMs[index]!) : null,
        starts_at_seconds: secondsOf(run.startMs[index]!),
        ends_at_seconds: secondsOf(run.endMs[index]!),
        waits_seconds: secondsOf(run.startMs[index]! - run.readyMs[index]!),
        cpu_cores: forecast.cpu[index] || null,
        memory_bytes: forecast.memoryBytes[index] || null,
        connections: forecast.connections[index],
        ...conditionsJson(plan.tasks[index]!.spec),
        ...reuseJson(reuse.get(plan.tasks[index]!.spec.id)),
      })),
    ),
    waits: isKnown ? waits.map(({ index, ms, reason }) => ({ task: nameOf(index), seconds: seconds(ms), reason })) : [],
    savings: isKnown
      ? savings.map((saving) => ({
          kind: saving.kind,
          ...('task' in saving ? { task: saving.task } : {}),
          ...('pool' in saving ? { pool: saving.pool } : {}),
          saved_seconds: seconds(saving.savedMs),
          message: savingSentence(saving),
        }))
      : [],
  };
}

/** When a task runs that runs at the end. */
export function atEnd({ end }: Plan['tasks'][number]): { readonly at_end?: 'always' | 'on_failure' | 'teardown' } {
  if (end === undefined) return {};
  return { at_end: end.when === 'on-failure' ? 'on_failure' : end.when };
}

function peakOf({ peak }: Run): object {
  return {
    tasks: peak.tasks,
    connections: peak.connections,
    memory_bytes: peak.memoryBytes || null,
    cpu_cores: peak.cpu === 0 ? null : Math.round(peak.cpu * 1000) / 1000,
  };
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
