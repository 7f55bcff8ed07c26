import type { DataRequest, Written } from '../model/data-request.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { EpochMs } from '../model/ids.ts';
import type { PipelineSpec } from '../model/pipeline/pipeline.ts';
import type { Deliverable, RequestRules } from '../model/pipeline/request-rules.ts';
import { failed, ok, type Result } from '../model/result.ts';
import { resolveParams } from '../run/request/resolve-params.ts';
import { combineValues } from './param-values.ts';
import { createVocabulary, type Vocabulary, wordsOfFile } from './words.ts';

/** What a request means for a pipeline. */
export type ResolvedRequest = {
  readonly request: DataRequest;
  /** Tasks and levels that are to be refreshed, with all that is upstream; undefined = everything. */
  readonly targets: readonly string[] | undefined;
  /** All parameters of the run. */
  readonly params: ReadonlyMap<string, string>;
  /** What is expected by name; undefined = all that the tasks make. */
  readonly deliverables: readonly Deliverable[] | undefined;
  readonly validate: boolean | readonly string[];
};

/** A generated file may repeat one mistake a thousand times. */
const maxMistakes = 50;

export const noRules: RequestRules = { scopes: [], params: [], freshness: [], completeness: [], deliverables: [] };

/**
 * Looks the words of a request up in a pipeline. All mistakes at once, each at its place: `request/unknown-word`,
 * `request/cannot-verify`, and those of parameters.
 * @param now from which a parameter such as `yesterday` is counted
 */
export function resolveRequest(
  request: DataRequest,
  spec: PipelineSpec,
  now: EpochMs,
): Result<ResolvedRequest, readonly Diagnostic[]> {
  const rules = spec.requests ?? noRules;
  const mistakes: Diagnostic[] = [...findUnverifiable(request, rules)];
  const look = <Meaning>(texts: readonly Written[], { find }: Vocabulary<Meaning>) =>
    texts.flatMap((text) => {
      const found = find(text);
      if (!found.ok) mistakes.push(...found.error);
      return found.ok ? found.value : [];
    });
  const scope = look(request.scope, scopeWords(spec, rules));
  const deliverables = request.deliverables && look(request.deliverables, deliverableWords(rules));
  const checks = createVocabulary(
    'check',
    spec.checks.map(({ name }) => [name, name] as const),
  );
  const validate = typeof request.validate === 'boolean' ? request.validate : look(request.validate, checks);
  const params = resolveValues(request, spec, rules, now);
  if (!params.ok) mistakes.push(...params.error);
  if (!params.ok || mistakes.length > 0) return failed(mistakes.sort(byPlace).slice(0, maxMistakes));
  const named = [...scope.flatMap((names) => names ?? []), ...(deliverables ?? []).flatMap(({ tasks }) => tasks)];
  const isEverything = scope.includes(undefined) || (scope.length === 0 && (deliverables ?? []).length === 0);
  return ok({
    request,
    targets: isEverything ? undefined : [...new Set(named)],
    params: params.value,
    deliverables: deliverables && [...new Set(deliverables)],
    validate,
  });
}

/** The tasks or levels that a word stands for; undefined: everything. */
function scopeWords({ tasks, levels }: PipelineSpec, { scopes }: RequestRules) {
  const everything = ['everything', 'full'].map((word) => [word, undefined] as const);
  return createVocabulary<readonly string[] | undefined>('scope', [
    ...scopes.map((scope) => [scope.word, scope.tasks] as const),
    ...tasks.map(({ id }) => [id, [id]] as const),
    ...levels.map(({ id }) => [id, [id]] as const),
    ...everything,
    ['all', undefined],
  ]);
}

function deliverableWords({ deliverables }: RequestRules) {
  const places = deliverables.flatMap((one) => [
    ...(one.table === undefined ? [] : [[one.table, one] as const]),
    ...(one.file === undefined ? [] : wordsOfFile(one.file).map((word) => [word, one] as const)),
  ]);
  return createVocabulary<Deliverable>('deliverable', [
    ...deliverables.map((one) => [one.name, one] as const),
    ...places,
  ]);
}

/** What is required although the pipeline does not say how it could be shown. */
function findUnverifiable({ freshness, completeness }: DataRequest, rules: RequestRules): readonly Diagnostic[] {
  const refuse = ({ at }: Written, what: string, key: string, of: string): Diagnostic => ({
    code: 'request/cannot-verify',
    severity: 'error',
    message: `${what} is required, but the pipeline does not define how to check it`,
    at,
    hint: `name ${of} under "requests.${key}" in the pipeline file, or remove the requirement`,
  });
  return [
    ...(freshness !== undefined && rules.freshness.length === 0
      ? [refuse(freshness, 'freshness', 'freshness', 'columns of times')]
      : []),
    ...(completeness !== undefined && rules.completeness.length === 0
      ? [refuse(completeness, 'completeness', 'completeness', 'checks')]
      : []),
  ];
}

function resolveValues(
  { params }: DataRequest,
  spec: PipelineSpec,
  rules: RequestRules,
  now: EpochMs,
): Result<ReadonlyMap<string, string>, readonly Diagnostic[]> {
  const given = new Map<string, string>();
  const mistakes: Diagnostic[] = [];
  for (const rule of rules.params) {
    const values = params.get(rule.key);
    if (values === undefined) continue;
    const own = spec.params.filter(({ name }) => name === rule.param);
    const takesSeveral = own.some(({ type, several }) => type === 'int' && several === true);
    const combined = combineValues(rule, values, takesSeveral);
    if (!combined.ok) {
      mistakes.push(combined.error);
      continue;
    }
    const checked = resolveParams({ ...spec, params: own }, new Map([[rule.param, combined.value]]), now);
    if (checked.ok) given.set(rule.param, combined.value);
    else mistakes.push(...checked.error.map((mistake) => ({ ...mistake, at: values[0]!.at })));
  }
  if (mistakes.length > 0) return failed(mistakes);
  const resolved = resolveParams(spec, given, now);
  if (resolved.ok) return resolved;
  // A request has no --param, which the usual hint names.
  const keys = rules.params.map(({ key }) => key).join(', ');
  const hint = `requests may set ${keys === '' ? 'no parameter of this pipeline' : keys}; see "requests.params" in its file`;
  return failed(resolved.error.map((mistake) => ({ ...mistake, hint })));
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.col ?? 0) - (b.at?.col ?? 0);
}
