import type { PartialCall } from './read-call.ts';
import { splitList } from './split-list.ts';
import { nothing, type Suggestion, type Suggestions, wordsFrom } from './suggestions.ts';

/** The names that are known where the program is called. */
export type NameSource = {
  /** Of the pipeline that a call names, or that is found from here: its levels, tasks and parameters. */
  pipeline(call: PartialCall): Promise<PipelineNames | undefined>;
  /** Newest first. */
  runs(call: PartialCall, which: 'all' | 'resumable'): Promise<readonly Suggestion[]>;
  /** Of a stored run. */
  tasksOf(call: PartialCall, run: string): Promise<readonly string[]>;
  /** Those that wait for somebody. */
  handoffs(call: PartialCall): Promise<readonly Suggestion[]>;
};

export type PipelineNames = {
  readonly levels: readonly Suggestion[];
  readonly tasks: readonly (Suggestion & {
    /** Of a task with a matrix. */
    readonly instances?: readonly string[];
  })[];
  readonly params: readonly (Suggestion & {
    /** Its value belongs into a variable, and not on the command line. */
    readonly isSecret: boolean;
    readonly values: readonly string[];
  })[];
};

type Context = { readonly call: PartialCall; readonly names: NameSource; readonly option: string | undefined };
type ValueKind = (typed: string, context: Context) => Suggestions | Promise<Suggestions>;

/** What a value may be, by what stands for it in the help. */
export const valueKinds: Readonly<Record<string, ValueKind>> = {
  PIPELINE: () => ({ kind: 'pipelines' }),
  FILE: () => ({ kind: 'files' }),
  DIR: () => ({ kind: 'directories' }),
  /** Of psql. */
  ARGS: () => ({ kind: 'files' }),
  TASKS: suggestTasks,
  TASK: suggestTask,
  RUN: suggestRuns,
  'K=V': suggestParam,
  NAME: async (_, { call, names, option }) =>
    option === '--name' ? nothing : { kind: 'words', words: await names.handoffs(call), isOrdered: true },
  N: (_, { option }) => (option === '--max-parallel' ? wordsFrom(['auto']) : nothing),
  DURATION: () => nothing,
  SIZE: () => nothing,
  COLUMNS: () => nothing,
  LABELS: () => nothing,
  PROGRAMS: () => nothing,
  ROLE: () => nothing,
  TEXT: () => nothing,
};

/** A list of tasks and levels; what stands in it already is not suggested again. */
async function suggestTasks(typed: string, { call, names }: Context): Promise<Suggestions> {
  const pipeline = await names.pipeline(call);
  if (pipeline === undefined) return nothing;
  const { before, last } = splitList(typed);
  const listed = new Set(before);
  const head = before.map((name) => `${name},`).join('');
  const found = [...pipeline.levels, ...tasksFor(last, pipeline)].filter(({ value }) => !listed.has(value));
  return { kind: 'words', words: found.map((one) => ({ ...one, value: `${head}${one.value}` })) };
}

/** A matrix may have thousands of instances: they are suggested once its task is typed. */
function tasksFor(typed: string, { tasks }: PipelineNames): readonly Suggestion[] {
  return tasks.flatMap(({ instances = [], value, about }) => [
    { value, ...(about === undefined ? {} : { about }) },
    ...(typed.startsWith(value) ? instances.map((instance) => ({ value: instance })) : []),
  ]);
}

/** One task: of the run that is named before, otherwise of the pipeline. */
async function suggestTask(_: string, { call, names }: Context): Promise<Suggestions> {
  const [run] = call.command.registeredArguments[0]?.name() === 'RUN' ? call.words : [];
  if (run !== undefined) return wordsFrom(await names.tasksOf(call, run));
  const pipeline = await names.pipeline(call);
  if (pipeline === undefined) return nothing;
  return {
    kind: 'words',
    words: pipeline.tasks.flatMap(({ instances, ...task }) => instances?.map((value) => ({ value })) ?? [task]),
  };
}

async function suggestRuns(_: string, { call, names, option }: Context): Promise<Suggestions> {
  if (option === '--resume') return { kind: 'words', words: await names.runs(call, 'resumable'), isOrdered: true };
  const runs = await names.runs(call, 'all');
  const latest: readonly Suggestion[] = runs.length === 0 ? [] : [{ value: 'latest', about: 'the last one' }];
  return { kind: 'words', words: [...latest, ...runs], isOrdered: true };
}

/** A name, and behind the `=` a value where some are known. */
async function suggestParam(typed: string, { call, names }: Context): Promise<Suggestions> {
  const params = (await names.pipeline(call))?.params ?? [];
  const at = typed.indexOf('=');
  if (at === -1) {
    const words = params.map(({ value, about, isSecret }): Suggestion => {
      const told = about === undefined ? {} : { about };
      return isSecret ? { value, ...told } : { value: `${value}=`, ...told, isOpen: true };
    });
    return { kind: 'words', words };
  }
  const name = typed.slice(0, at);
  const param = params.find(({ value }) => value === name);
  return wordsFrom((param?.values ?? []).map((value) => `${name}=${value}`));
}
