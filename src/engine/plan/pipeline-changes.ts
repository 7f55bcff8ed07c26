import type { CheckSpec, PipelineSpec, TaskSpec } from '../model/pipeline/pipeline.ts';

/** What differs between two versions of a pipeline, in the words of the file. */
export type PipelineChange = {
  readonly kind: 'added' | 'removed' | 'changed';
  readonly what: 'task' | 'check' | 'level' | 'pipeline';
  readonly name: string;
  /** The keys that differ, when it has changed. */
  readonly keys: readonly string[];
};

/** What of each task, check and level, and of the pipeline itself, is not as it was. */
export function pipelineChanges(before: PipelineSpec, now: PipelineSpec): readonly PipelineChange[] {
  const keys = changedKeys(before, now, pipelineKeys);
  return [
    ...changesOf(
      'task',
      byName(before.tasks, ({ id }) => id),
      byName(now.tasks, ({ id }) => id),
      taskKeys,
    ),
    ...changesOf(
      'check',
      byName(before.checks, ({ name }) => name),
      byName(now.checks, ({ name }) => name),
      checkKeys,
    ),
    ...changesOf(
      'level',
      byName(before.levels, ({ id }) => id),
      byName(now.levels, ({ id }) => id),
      levelKeys,
    ),
    ...(keys.length === 0 ? [] : [{ kind: 'changed' as const, what: 'pipeline' as const, name: now.name, keys }]),
  ];
}

type KeyNames<Spec> = Readonly<Partial<Record<keyof Spec, string>>>;

/** Fields that are not here are named as in the file; those with '' follow from others, or are told by themselves. */
const taskKeys: KeyNames<TaskSpec> = {
  id: '',
  at: '',
  timeoutMs: 'timeout',
  timeoutOfMedian: 'timeout',
  idleTimeoutMs: 'idle_timeout',
  killGraceMs: 'kill_grace',
  retry: 'retries',
  memoryBytes: 'memory',
  envFiles: 'env_file',
  onlyIf: 'only_if',
  waitFor: 'wait_for',
  useLastGood: 'use_last_good',
  runWhen: 'run_when',
  continueOnFailure: 'continue_on_failure',
  instance: '',
};
const checkKeys: KeyNames<CheckSpec> = {
  name: '',
  at: '',
  onFail: 'on_fail',
  timeoutMs: 'timeout',
  retry: 'retries',
  definition: 'what it asks',
};
const levelKeys: KeyNames<PipelineSpec['levels'][number]> = { id: '' };
const pipelineKeys: KeyNames<PipelineSpec> = {
  file: '',
  tasks: '',
  checks: '',
  levels: '',
  families: '',
  envFiles: 'env_file',
};

function byName<Spec>(specs: readonly Spec[], nameOf: (spec: Spec) => string): ReadonlyMap<string, Spec> {
  return new Map(specs.map((spec) => [nameOf(spec), spec]));
}

function changesOf<Spec extends object>(
  what: PipelineChange['what'],
  before: ReadonlyMap<string, Spec>,
  now: ReadonlyMap<string, Spec>,
  names: KeyNames<Spec>,
): readonly PipelineChange[] {
  const added = [...now.keys()].filter((name) => !before.has(name));
  const removed = [...before.keys()].filter((name) => !now.has(name));
  const changed = [...now].flatMap(([name, spec]) => {
    const was = before.get(name);
    const keys = was === undefined ? [] : changedKeys(was, spec, names);
    return keys.length === 0 ? [] : [{ kind: 'changed' as const, what, name, keys }];
  });
  return [
    ...added.map((name) => ({ kind: 'added' as const, what, name, keys: [] })),
    ...removed.map((name) => ({ kind: 'removed' as const, what, name, keys: [] })),
    ...changed,
  ];
}

function changedKeys<Spec extends object>(before: Spec, now: Spec, names: KeyNames<Spec>): readonly string[] {
  const fields = new Set([...Object.keys(before), ...Object.keys(now)]) as Set<keyof Spec & string>;
  const changed = [...fields].filter((field) => textOf(before[field]) !== textOf(now[field]));
  return [...new Set(changed.map((field) => names[field] ?? field))].filter((name) => name !== '');
}

/** Without places in the file, which say nothing; a map by its entries. */
function textOf(value: unknown): string {
  return (
    JSON.stringify(value, (key, part: unknown) => {
      if (key === 'at') return undefined;
      return part instanceof Map ? [...part] : part;
    }) ?? ''
  );
}
