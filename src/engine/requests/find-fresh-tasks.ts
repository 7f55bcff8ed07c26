import type { EpochMs, TaskId } from '../model/ids.ts';
import type { CheckSpec } from '../model/pipeline/pipeline.ts';
import type { Plan } from '../model/pipeline/plan.ts';
import type { RequestFreshness } from '../model/pipeline/request-rules.ts';
import { formatDuration, formatLimit } from '../model/text/format-duration.ts';
import { checkPipeline } from '../pipeline/check-pipeline.ts';
import type { PerformanceRecord } from '../results/files/performance-record.ts';
import { haveSameParams } from '../results/trends/same-params.ts';
import type { RunRequest } from '../run/request/run-request.ts';
import { usualCheckRetries } from '../spec/build/build-checks.ts';
import { ageOf } from './request-plan.ts';

/** A task that need not run, and why. */
export type LeftOutTask = { readonly task: TaskId; readonly why: string };

type Freshness = { readonly rules: readonly RequestFreshness[]; readonly maxAgeMs: number };

/**
 * The tasks of a plan whose work is fresh enough. Of such a task nothing upstream runs, a run with the same parameters has
 * done its work within the time, and the data itself says that it is young enough; the data alone does not tell for which
 * seasons it was loaded. When the database cannot be asked, nothing is fresh: the run will say why.
 * @param records of earlier runs of the pipeline, newest last
 * @param params of the run to come, masked as in the records
 */
export async function findFreshTasks(
  request: RunRequest,
  { rules, maxAgeMs }: Freshness,
  records: readonly PerformanceRecord[],
  params: Readonly<Record<string, string>>,
  now: EpochMs,
): Promise<readonly LeftOutTask[]> {
  const { plan } = request;
  const candidates = rules.flatMap((rule) => {
    const run = plan.indexOf.has(rule.task) ? lastSuccess(records, rule.task, params) : undefined;
    return run === undefined || now - run.at > maxAgeMs ? [] : [{ ...rule, run: run.run }];
  });
  if (candidates.length === 0) return [];
  const ages = await measureAges(request, candidates, maxAgeMs);
  const fresh = new Map<TaskId, LeftOutTask>();
  for (const index of plan.order) {
    const { spec, upstream } = plan.tasks[index]!;
    const rule = candidates.find(({ task }) => task === spec.id);
    const ageMs = ages.get(spec.id);
    if (rule === undefined || ageMs === undefined) continue;
    if (!upstream.every((before) => fresh.has(plan.tasks[before]!.spec.id))) continue;
    const column = `${rule.column.table}.${rule.column.column}`;
    const why = `${column} is ${formatDuration(ageMs)} old, within ${formatLimit(maxAgeMs)}; done by run ${rule.run}`;
    fresh.set(spec.id, { task: spec.id, why });
  }
  return [...fresh.values()];
}

function lastSuccess(
  records: readonly PerformanceRecord[],
  task: TaskId,
  params: Readonly<Record<string, string>>,
): { readonly run: string; readonly at: number } | undefined {
  for (const record of records.toReversed()) {
    if (!haveSameParams(record.params, params)) continue;
    const result = record.results.find((one) => one.task === task);
    if (result?.reused !== undefined) return { run: result.reused.run, at: Date.parse(result.reused.loaded_at) };
    if (result?.status !== 'success' || result.degraded !== undefined || result.stale !== undefined) continue;
    const at = Date.parse(result.completed_at ?? '');
    if (!Number.isNaN(at)) return { run: record.run_id, at };
  }
  return undefined;
}

/** The age of what each task last did, in ms, of those that are young enough. */
async function measureAges(
  request: RunRequest,
  rules: readonly RequestFreshness[],
  maxAgeMs: number,
): Promise<ReadonlyMap<TaskId, number>> {
  const checks = rules.map((rule, index) => ({
    index,
    spec: freshnessCheck(rule, maxAgeMs, request.plan),
    after: [],
    atEnd: true,
    gates: [],
  }));
  const plan = { ...request.plan, checks };
  const checked = await checkPipeline({ ...request, plan });
  if (!checked.ok) return new Map();
  const ages = rules.flatMap(({ task }) => {
    const row = checked.value.checks.find(({ check }) => check === task);
    const age = row?.status === 'pass' ? row['age_ms'] : undefined;
    return typeof age === 'number' ? [[task, age] as const] : [];
  });
  return new Map(ages);
}

function freshnessCheck(rule: RequestFreshness, maxAgeMs: number, { pipeline }: Plan): CheckSpec {
  return {
    name: rule.task,
    definition: ageOf(rule, maxAgeMs),
    after: [],
    before: [],
    onFail: 'fail',
    gate: false,
    timeoutMs: 30_000,
    retry: usualCheckRetries,
    at: { file: pipeline.file, line: 1, col: 1, length: 1 },
  };
}
