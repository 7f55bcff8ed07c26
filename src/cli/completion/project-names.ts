import { resolve } from 'node:path';
import { formatCount } from '../../display/format/format-count.ts';
import { formatMoment } from '../../display/format/format-moment.ts';
import { storedRunDisplay } from '../../display/states/run-display.ts';
import {
  displayText,
  type EpochMs,
  findPipeline,
  isSecretName,
  listHandoffs,
  nameRuns,
  nameTasks,
  ok,
  planPipeline,
  resolveParams,
  type TaskId,
} from '../../engine/index.ts';
import type { Invocation } from '../invocation.ts';
import { limitMemory } from '../limit-memory.ts';
import { actingCommand, type PartialCall } from './read-call.ts';
import type { Suggestion } from './suggestions.ts';
import type { NameSource, PipelineNames } from './value-kinds.ts';

const mostRuns = 50;

/** The names in the project in which the program is called; of what cannot be read there are none. */
export function projectNames({ cwd }: Pick<Invocation, 'cwd'>): NameSource {
  return {
    pipeline: async (call) => readNames(call, cwd),
    runs: async (call, which) => {
      const runs = await nameRuns(logDirOf(call, cwd), mostRuns);
      const pipeline = which === 'all' ? undefined : read(call, cwd)?.spec?.name;
      return runs.flatMap((one): readonly Suggestion[] => {
        const { run, status, verdict, startedAt } = one;
        if (which === 'resumable' && (status === 'success' || status === 'running')) return [];
        if (pipeline !== undefined && one.pipeline !== undefined && one.pipeline !== pipeline) return [];
        const told = [
          ...(status === undefined ? [] : [storedRunDisplay(status, verdict).word]),
          ...(startedAt === undefined ? [] : [formatMoment(startedAt)]),
        ];
        return [{ value: run, ...(told.length === 0 ? {} : { about: told.join(', ') }) }];
      });
    },
    tasksOf: (call, run) => nameTasks(logDirOf(call, cwd), run),
    handoffs: async (call) => {
      const { handoffs } = await listHandoffs(handoffsOf(call, cwd), ['active']);
      return handoffs.toReversed().map(({ name, document }) => {
        const { handoff } = document;
        return { value: name, ...aboutFrom(typeof handoff === 'string' ? handoff : undefined) };
      });
    },
  };
}

/** The pipeline that the call names so far, or that is found from here. */
function foundFor({ command, words, values }: PartialCall, cwd: string) {
  const at = actingCommand(command).registeredArguments.findIndex((argument) => argument.name() === 'PIPELINE');
  const named = at === -1 ? values.get('--pipeline')?.at(-1) : words[at];
  return findPipeline(named, cwd);
}

/** With the parameters that the call has so far, since they may be what a matrix is made of. */
function read(call: PartialCall, cwd: string) {
  const found = foundFor(call, cwd);
  if (!found.ok) return undefined;
  const { text, file, readIncluded } = found.value;
  limitMemory(text);
  const given = (call.values.get('--param') ?? []).flatMap((param) => {
    const at = param.indexOf('=');
    return at < 1 ? [] : [[param.slice(0, at), param.slice(at + 1)] as const];
  });
  return planPipeline(text, file, {}, undefined, readIncluded, (spec) => {
    const params = resolveParams(spec, new Map(given), Date.now() as EpochMs);
    return params.ok ? params : ok(new Map());
  });
}

function readNames(call: PartialCall, cwd: string): PipelineNames | undefined {
  const { plan, spec } = read(call, cwd) ?? {};
  if (spec === undefined) return undefined;
  const secrets = new Set(spec.secrets);
  const instancesOf = (id: TaskId) =>
    (plan?.families.get(id) ?? [])
      .map((index) => plan?.tasks[index]?.spec)
      .flatMap((task) => (task?.instance === undefined || isOpen(task.instance.values) ? [] : [task.id]));
  return {
    levels: spec.levels.map(({ id, tasks }) => ({ value: id, about: `level: ${formatCount(tasks.length, 'task')}` })),
    tasks: spec.tasks.map(({ id, description, matrix }) => ({
      value: id,
      ...aboutFrom(description),
      ...(matrix === undefined ? {} : { instances: instancesOf(id) }),
    })),
    params: spec.params.map(({ name, description, type, choices, default: usual }) => {
      const isSecret = isSecretName(name, secrets);
      const known = isSecret ? [] : [...(choices ?? []), ...(type === 'bool' ? ['true', 'false'] : []), usual ?? ''];
      const values = [...new Set(known)].filter((value) => value !== '');
      return { value: name, isSecret, values, ...aboutFrom(description) };
    }),
  };
}

/** What an author wrote, in one line that is safe on a terminal. */
function aboutFrom(text: string | undefined): Pick<Suggestion, 'about'> {
  return text === undefined ? {} : { about: displayText(text.replaceAll(/\s+/g, ' ')) };
}

/** Whether its values are known only when the pipeline runs. */
function isOpen(values: Readonly<Record<string, string>>): boolean {
  return Object.values(values).includes('*');
}

function logDirOf(call: PartialCall, cwd: string): string {
  const named = call.values.get('--log-dir')?.at(-1);
  if (named !== undefined) return resolve(cwd, named);
  const found = foundFor(call, cwd);
  return resolve(found.ok ? found.value.projectDir : cwd, 'logs/etl');
}

function handoffsOf(call: PartialCall, cwd: string): string {
  const named = call.values.get('--directory')?.at(-1);
  if (named !== undefined) return resolve(cwd, named);
  const found = foundFor(call, cwd);
  const directory = read(call, cwd)?.spec?.handoffs?.directory ?? 'handoffs';
  return resolve(found.ok ? found.value.projectDir : cwd, directory);
}
