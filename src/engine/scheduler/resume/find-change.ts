import { ownValue } from '../../model/own-value.ts';
import type { TaskSpec } from '../../model/pipeline/pipeline.ts';
import type { Plan, RunOptions } from '../../model/pipeline/plan.ts';
import type { RerunReason } from '../../model/run/resume-decision.ts';

/**
 * What has changed about a task that decides what it does; undefined when nothing has.
 * @param index its place in `plan`, which it has in `before` at `old`
 */
export function findChange(before: Plan, old: number, plan: Plan, index: number): RerunReason | undefined {
  const [was, is] = [before.tasks[old]!, plan.tasks[index]!];
  if (!isSame(was.spec.command, is.spec.command) || was.spec.dir?.path !== is.spec.dir?.path)
    return { kind: 'command' };
  if (!isSame(envFilesOf(before, old), envFilesOf(plan, index))) return { kind: 'environment' };
  if (!haveSameEntries(variablesOf(before, old), variablesOf(plan, index))) return { kind: 'environment' };
  const namesOf = ({ tasks }: Plan, upstream: readonly number[]) =>
    upstream.map((one) => tasks[one]!.spec.id).toSorted();
  return isSame(namesOf(before, was.upstream), namesOf(plan, is.upstream)) ? undefined : { kind: 'dependencies' };
}

/** Whether something else is asked before the task starts, or waited for outside the run. */
export function changedCondition(before: Plan, old: number, plan: Plan, index: number): RerunReason | undefined {
  const conditionOf = ({ onlyIf, waitFor }: TaskSpec) => [onlyIf ?? null, waitFor?.for ?? null];
  const [was, is] = [before.tasks[old]!.spec, plan.tasks[index]!.spec];
  return isSame(conditionOf(was), conditionOf(is)) ? undefined : { kind: 'condition' };
}

/** The parameters that every task is given, as far as their values are known; undefined when they are as before. */
export function changedParams(before: RunOptions['params'], now: RunOptions['params']): RerunReason | undefined {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(now ?? {})])];
  const changed = names.filter((name) => ownValue(before, name) !== ownValue(now, name));
  return changed.length === 0 ? undefined : { kind: 'parameters', names: changed };
}

/** As they are written: what they refer to outside the file is not stored. */
function variablesOf({ pipeline, tasks }: Plan, index: number): Readonly<Record<string, string>> {
  return { ...pipeline.env, ...tasks[index]!.spec.env };
}

/** Their paths: what is in them is not stored. */
function envFilesOf({ pipeline, tasks }: Plan, index: number): readonly string[] {
  return [...(pipeline.envFiles ?? []), ...(tasks[index]!.spec.envFiles ?? [])].map(({ path }) => path);
}

function haveSameEntries(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  return isSame(Object.entries(one).toSorted(), Object.entries(other).toSorted());
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
