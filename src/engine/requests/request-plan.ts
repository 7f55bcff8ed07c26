import type { Diagnostic, Location } from '../model/diagnostic.ts';
import type { TaskId } from '../model/ids.ts';
import type { CheckDefinition, CheckSpec, PipelineSpec } from '../model/pipeline/pipeline.ts';
import type { Plan, Selection } from '../model/pipeline/plan.ts';
import type { Deliverable, RequestFreshness } from '../model/pipeline/request-rules.ts';
import { failed, ok, type Result } from '../model/result.ts';
import { matrixValues } from '../pipeline/matrix-values.ts';
import { buildPlan } from '../plan/build-plan.ts';
import { usualCheckRetries } from '../spec/build/build-checks.ts';
import { noRules, type ResolvedRequest } from './resolve-request.ts';

/** A plan that does and checks what a request asks for, and which of its checks stand for what. */
export type RequestPlan = {
  readonly plan: Plan;
  readonly deliverables: readonly ExpectedDeliverable[];
  /** Names of checks; undefined when completeness is not required. */
  readonly completeness: readonly string[] | undefined;
  /** Undefined when freshness is not required. */
  readonly freshness: readonly (RequestFreshness & { readonly check: string })[] | undefined;
};

/** `checks` has one that counts the rows of its table besides its own. */
export type ExpectedDeliverable = Deliverable & { readonly rowsCheck?: string };

const timeoutMs = 60_000;

/**
 * Plans a request: its targets with all that is upstream, without what was found fresh enough. Of the checks remain the
 * gates, those that the request names, and with `validate: true` all that look at what is run; a check that stands for
 * completeness fails the run where it only warned. Added are a check of each required freshness, and one of each table that
 * is expected, that there are rows in it.
 * @param leftOut tasks that need not run
 */
export function planRequest(
  resolved: ResolvedRequest,
  spec: PipelineSpec,
  leftOut: readonly TaskId[] = [],
): Result<RequestPlan, readonly Diagnostic[]> {
  const { request, targets } = resolved;
  const values = matrixValues(spec, resolved.params);
  if (!values.ok) return values;
  const plan = (one: PipelineSpec, selected: Selection) => buildPlan(one, selected, undefined, undefined, values.value);
  const rules = spec.requests ?? noRules;
  const selection: Selection = targets === undefined ? {} : { until: targets };
  const whole = plan(spec, selection);
  if (whole.plan === undefined) return failed(whole.diagnostics);
  const chosen = new Set([...whole.plan.indexOf.keys(), ...nonEmpty(whole.plan.families)]);
  const makes = ({ tasks }: Deliverable) => tasks.every((task) => chosen.has(task));
  const deliverables = resolved.deliverables ?? rules.deliverables.filter(makes);
  const ofDeliverables = new Set(deliverables.flatMap(({ checks }) => checks));
  const looksAtRun = ({ after }: CheckSpec) =>
    after.length === 0 ? targets === undefined : after.every((task) => chosen.has(task));
  const completeness =
    request.completeness &&
    spec.checks
      .filter((check) => rules.completeness.includes(check.name))
      .filter((check) => looksAtRun(check) || ofDeliverables.has(check.name))
      .map(({ name }) => name);
  const named = new Set([...(completeness ?? []), ...ofDeliverables, ...listOf(resolved.validate)]);
  const gates = new Set(whole.plan.checks.filter((check) => check.gates.length > 0).map((check) => check.spec.name));
  const kept = spec.checks
    .filter(
      (check) => named.has(check.name) || gates.has(check.name) || (resolved.validate === true && looksAtRun(check)),
    )
    .map((check): CheckSpec => (completeness?.includes(check.name) ? { ...check, onFail: 'fail' } : check));
  const names = new Set(kept.map(({ name }) => name));
  const add = (name: string, after: readonly TaskId[], definition: CheckDefinition, at: Location): CheckSpec => {
    const free = freeName(name, names);
    names.add(free);
    return {
      name: free,
      definition,
      after,
      onFail: 'fail',
      before: [],
      gate: false,
      timeoutMs,
      retry: usualCheckRetries,
      at,
    };
  };
  const place = request.freshness?.at ?? { file: spec.file, line: 1, col: 1, length: 1 };
  const freshness =
    request.freshness &&
    rules.freshness
      .filter(({ task }) => chosen.has(task))
      .map((rule) => ({
        rule,
        check: add(`${rule.task}_fresh`, [rule.task], ageOf(rule, request.freshness!.value), place),
      }));
  const expected = deliverables.map((deliverable) => {
    const { name, table, tasks } = deliverable;
    const rows = table === undefined ? undefined : add(`${name}_rows`, tasks, rowsOf(table), place);
    return { deliverable: { ...deliverable, ...(rows === undefined ? {} : { rowsCheck: rows.name }) }, rows };
  });
  const checks = [
    ...kept,
    ...(freshness ?? []).map(({ check }) => check),
    ...expected.flatMap(({ rows }) => rows ?? []),
  ];
  const planned = plan({ ...spec, checks }, leftOut.length === 0 ? selection : { ...selection, skip: leftOut });
  if (planned.plan === undefined) return failed(planned.diagnostics);
  const { families, tasks } = planned.plan;
  const instancesOf = (name: TaskId) => families.get(name)?.map((index) => tasks[index]!.spec.id) ?? [name];
  return ok({
    plan: planned.plan,
    deliverables: expected.map(({ deliverable }) => ({
      ...deliverable,
      tasks: deliverable.tasks.flatMap(instancesOf),
    })),
    completeness,
    freshness: freshness?.flatMap(({ rule, check }) =>
      instancesOf(rule.task).map((task) => ({ ...rule, task, check: check.name })),
    ),
  });
}

/** The tasks with a matrix of which the plan has instances. */
function nonEmpty(families: Plan['families']): readonly TaskId[] {
  return [...families].flatMap(([id, instances]) => (instances.length === 0 ? [] : [id]));
}

export function ageOf({ column }: RequestFreshness, maxAgeMs: number): CheckDefinition {
  return { kind: 'freshness', column, maxAgeMs };
}

function rowsOf(table: string): CheckDefinition {
  return { kind: 'row_count', table, min: 1 };
}

function listOf(validate: ResolvedRequest['validate']): readonly string[] {
  return typeof validate === 'boolean' ? [] : validate;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? name : `${name}_${count}`;
    if (!taken.has(candidate)) return candidate;
  }
}
