import type { Diagnostic, DiagnosticCode, Location } from '../model/diagnostic.ts';
import type { PipelineSpec, TaskSpec } from '../model/pipeline/pipeline.ts';
import type { SpecCompleteness, SpecLocations } from '../model/pipeline/spec-locations.ts';
import { didYouMean } from '../model/text/did-you-mean.ts';

/** The search for similar names is slow, so only the first unknown names get a suggestion. */
const maxSuggestions = 100;

/** Names that refer to nothing, and tasks that depend on themselves. A name is reported as unknown only when the list that should define it was read in full. */
export function findReferenceErrors(
  spec: PipelineSpec,
  locations?: SpecLocations,
  completeness?: SpecCompleteness,
): readonly Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  const tasks = new Set<string>(spec.tasks.map(({ id }) => id));
  const levels = new Set<string>(spec.levels.map(({ id }) => id));
  const pools = new Set(spec.pools.keys());
  let suggestions = 0;

  function add(code: DiagnosticCode, message: string, at: Location | undefined, hint?: string): void {
    // A dependency of a level appears once for each of its tasks.
    const key = `${code} ${message} ${at?.line}:${at?.col}`;
    if (found.has(key)) return;
    found.set(key, { code, severity: 'error', message, ...(at && { at }), ...(hint !== undefined && { hint }) });
  }

  function addUnknownTask(name: string, who: string, at: Location | undefined): void {
    if (completeness?.tasks === false) return;
    add('plan/unknown-task', `${who} names a task "${name}", which does not exist`, at, suggest(name, tasks, 'tasks'));
  }

  function addSelf({ id, level }: TaskSpec, throughLevel: boolean, at: Location): void {
    const message = throughLevel ? `level "${level}" waits for its own task "${id}"` : `task "${id}" depends on itself`;
    add('plan/self-dependency', message, at, throughLevel ? 'name tasks of other levels only' : 'remove it');
  }

  function suggest(name: string, known: ReadonlySet<string>, key: string): string | undefined {
    if (key === 'tasks' && levels.has(name)) return `"${name}" is a level; name the tasks to wait for`;
    suggestions += 1;
    const meant = suggestions <= maxSuggestions ? didYouMean(name, known) : undefined;
    return meant === undefined ? `define it under "${key}"` : `did you mean "${meant}"?`;
  }

  for (const task of spec.tasks) {
    for (const upstream of task.dependencies) {
      if (upstream !== task.id && tasks.has(upstream)) continue;
      const written = locations?.dependency(task.id, upstream);
      const at = written?.at ?? task.at;
      if (upstream === task.id) addSelf(task, written?.by === 'level', at);
      else addUnknownTask(upstream, written?.by === 'level' ? `level "${task.level}"` : `task "${task.id}"`, at);
    }
    for (const pool of task.pools) {
      const size = spec.pools.get(pool);
      const at = locations?.pool(task.id, pool) ?? task.at;
      if (size === undefined && completeness?.pools !== false) {
        const hint = suggest(pool, pools, 'pools');
        add('plan/unknown-pool', `task "${task.id}" names a pool "${pool}", which does not exist`, at, hint);
      } else if (size !== undefined && size < 1) {
        const where = locations?.poolSize(pool) ?? at;
        add(
          'plan/pool-too-small',
          `pool "${pool}" has no slot for task "${task.id}"`,
          where,
          'set its size to at least 1',
        );
      }
    }
  }
  for (const level of spec.levels) {
    for (const member of level.tasks) {
      if (!tasks.has(member)) addUnknownTask(member, `level "${level.id}"`, locations?.member(level.id, member));
    }
  }
  for (const check of spec.checks) {
    for (const task of [...check.after, ...check.before]) {
      if (!tasks.has(task))
        addUnknownTask(task, `check "${check.name}"`, locations?.taskOfCheck(check.name, task) ?? check.at);
    }
  }
  for (const level of spec.slas.levelsMs.keys()) {
    if (levels.has(level) || completeness?.levels === false) continue;
    const hint = suggest(level, levels, 'pipelines');
    add(
      'plan/unknown-level',
      `"slas" names a level "${level}", which does not exist`,
      locations?.slaLevel(level),
      hint,
    );
  }
  return [...found.values()];
}

/**
 * Warns about names under `secrets` that are similar to a parameter or variable of the file. Any other unknown name may be
 * an environment variable, which only the run knows.
 */
export function findUnknownSecrets(spec: PipelineSpec): readonly Diagnostic[] {
  const known = new Set([
    ...spec.params.map(({ name }) => name),
    ...Object.keys(spec.env),
    ...spec.tasks.flatMap(({ env }) => Object.keys(env)),
  ]);
  // A file of variables may hold it.
  if (spec.envFiles !== undefined || spec.tasks.some(({ envFiles }) => envFiles !== undefined)) return [];
  return spec.secrets.flatMap((name) => {
    const meant = known.has(name) ? undefined : didYouMean(name, known);
    if (meant === undefined) return [];
    const message = `"secrets" names "${name}", which is not a parameter or variable of the file`;
    const hint = `did you mean "${meant}"? Variables of the environment are allowed too`;
    return [{ code: 'plan/unknown-secret', severity: 'warning', message, hint } as const];
  });
}
