import { readFileSync } from 'node:fs';
import { type Plan, withHash, withLines } from '../model/pipeline/plan.ts';
import { failed, ok, type Result } from '../model/result.ts';
import type { RunEvent, RunTerms } from '../model/run/run-event.ts';
import { planPipeline } from '../pipeline/plan-pipeline.ts';
import { buildPlan } from '../plan/build-plan.ts';
import { pipelineCopy, type RunPaths } from '../storage/runs/run-paths.ts';
import { decodePipeline } from '../storage/runs/stored-pipeline.ts';

/** The plans of a run. */
export type StoredPlans = {
  /** By their numbers, from 1; see `RunContinued`. */
  readonly all: readonly [Plan, ...Plan[]];
  /** The one that holds at the end. */
  readonly last: Plan;
};

/** A pipeline of a run, as `encodePipeline` gives it; older runs have its text alone. Where it lies, for messages. */
export type PipelineCopy = { readonly stored?: string; readonly text?: string; readonly path: string };

/** Those in the directory of the run. */
export function copiesIn(paths: RunPaths): (number: number) => PipelineCopy {
  return (number) => {
    const { pipeline, stored } = pipelineCopy(paths, number);
    const [parsed, text] = [readText(stored), readText(pipeline)];
    return {
      ...(parsed === undefined ? {} : { stored: parsed }),
      ...(text === undefined ? {} : { text }),
      path: pipeline,
    };
  };
}

/**
 * Rebuilds the plans of a run from the pipelines that are stored with it, and compares them with its journal. Fails with the
 * reason.
 */
export function storedPlans(
  copyOf: (number: number) => PipelineCopy,
  started: Extract<RunEvent, { type: 'run.started' }>,
  events: readonly RunEvent[],
): Result<StoredPlans, string> {
  const first = rebuildPlan(copyOf(1), started);
  if (!first.ok) return first;
  const all: [Plan, ...Plan[]] = [first.value];
  let last = first.value;
  for (const event of events) {
    if (event.type === 'run.continued') {
      const rebuilt = all[event.plan - 1] === undefined ? rebuildPlan(copyOf(event.plan), event) : undefined;
      if (rebuilt?.ok === false) return rebuilt;
      if (rebuilt !== undefined) all[event.plan - 1] = rebuilt.value;
      last = withLines(all[event.plan - 1]!, event.lines);
      if (!isOrderOf(event.queueOrder, last.tasks.length)) return failed(otherOrder);
    } else if (event.type === 'tasks.expanded') {
      const filled = last.open?.fill(event.lines);
      if (!filled?.ok) return failed('its journal has values that the matrices of its pipeline do not take');
      last = filled.value;
    } else if ('task' in event && !last.indexOf.has(event.task)) {
      return failed('its journal names tasks that its pipeline does not have');
    }
  }
  return isOrderOf(started.queueOrder, first.value.tasks.length) ? ok({ all, last }) : failed(otherOrder);
}

const otherOrder = 'its journal has another order of tasks than its pipeline';

/** From the parsed pipeline; older runs have the file alone. */
function rebuildPlan({ path, ...copy }: PipelineCopy, terms: RunTerms): Result<Plan, string> {
  const { selection, planHash, params = {} } = terms;
  const stored = decodePipeline(copy.stored ?? '');
  const text = stored === undefined ? copy.text : '';
  if (text === undefined) return failed(`"${path}" was deleted`);
  const { plan, diagnostics } =
    stored === undefined
      ? planPipeline(text, path, selection, undefined, undefined, () => ok(new Map(Object.entries(params))))
      : buildPlan(stored.pipeline, selection, undefined, undefined, stored.values);
  if (plan === undefined) return failed(`its pipeline cannot be read any more: ${diagnostics[0]?.message}`);
  // Masked values have another hash.
  return ok(withHash(plan, planHash));
}

/** Whether each of the tasks is in it exactly once. */
function isOrderOf(queueOrder: readonly number[] | undefined, tasks: number): boolean {
  if (queueOrder === undefined) return true;
  const places = new Set(queueOrder);
  return (
    queueOrder.length === tasks && Array.from({ length: tasks }, (_, index) => index).every((one) => places.has(one))
  );
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
