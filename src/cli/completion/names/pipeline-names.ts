import { formatCount } from '../../../display/format/format-count.ts';
import {
  displayText,
  type EpochMs,
  isSecretName,
  ok,
  planPipeline,
  resolveParams,
  type TaskId,
} from '../../../engine/index.ts';
import { limitMemory } from '../../limit-memory.ts';
import type { PartialCall } from '../read-call.ts';
import type { Suggestion } from '../suggestions.ts';
import type { PipelineNames } from '../value-kinds.ts';
import { pipelineOf } from './find-project.ts';

/** The levels, tasks and parameters of the pipeline of a call; undefined when there is none, or its file has mistakes. */
export function pipelineNames(call: PartialCall, cwd: string): PipelineNames | undefined {
  const { plan, spec } = plannedFor(call, cwd) ?? {};
  if (spec === undefined) return undefined;
  const secrets = new Set(spec.secrets);
  const instancesOf = (id: TaskId) =>
    (plan?.families.get(id) ?? [])
      .map((index) => plan?.tasks[index]?.spec)
      .flatMap((task) => (task?.instance === undefined || isOpen(task.instance.values) ? [] : [task.id]));
  return {
    levels: spec.levels.map(({ id, tasks }) => ({ value: id, about: `level: ${formatCount(tasks.length, 'task')}` })),
    tasks: spec.tasks.map(({ id, description, matrix }) => {
      if (matrix === undefined) return { value: id, ...aboutFrom(description) };
      const instances = instancesOf(id);
      const count = instances.length === 0 ? undefined : formatCount(instances.length, 'instance');
      return { value: id, ...aboutFrom(description ?? count), instances };
    }),
    params: spec.params.map(({ name, description, type, choices, default: usual }) => {
      const isSecret = isSecretName(name, secrets);
      const known = isSecret ? [] : [...(choices ?? []), ...(type === 'bool' ? ['true', 'false'] : []), usual ?? ''];
      const values = [...new Set(known)].filter((value) => value !== '');
      const without = isSecret ? 'its value is taken from the environment' : usual && `${usual} unless it is given`;
      return { value: name, isSecret, values, ...aboutFrom(description ?? without) };
    }),
  };
}

/** With the parameters that the call has so far, since they may be what a matrix is made of. */
export function plannedFor(call: PartialCall, cwd: string): ReturnType<typeof planPipeline> | undefined {
  const found = pipelineOf(call, cwd);
  if (!found.ok) return undefined;
  const { text, file, readIncluded } = found.value;
  limitMemory(text);
  const given = (call.values.get('--param') ?? []).flatMap((param) => {
    const at = param.indexOf('=');
    return at < 1 ? [] : [[param.slice(0, at), param.slice(at + 1)] as const];
  });
  return planPipeline(text, file, {}, undefined, readIncluded, (spec) => {
    const params = resolveParams(spec, new Map(given), Date.now() as EpochMs, 'left-out');
    return params.ok ? params : ok(new Map());
  });
}

/** What an author wrote, in one line that is safe on a terminal. */
function aboutFrom(text: string | undefined): Pick<Suggestion, 'about'> {
  return text ? { about: displayText(text.replaceAll(/\s+/g, ' ')) } : {};
}

/** Whether its values are known only when the pipeline runs. */
function isOpen(values: Readonly<Record<string, string>>): boolean {
  return Object.values(values).includes('*');
}
