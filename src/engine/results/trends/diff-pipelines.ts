import type { LocatedPath, PipelineSpec } from '../../model/pipeline/pipeline.ts';

/** A part of a pipeline file that differs between two runs. */
export type PipelineChange = {
  readonly part: 'task' | 'check' | 'pipeline';
  /** Of the task or check. */
  readonly name?: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** The keys that changed, as the file has them. */
  readonly keys?: readonly string[];
};

/** What is different in `after`, compared with `before`, of all that decides what runs; see `hashPlan`. */
export function diffPipelines(before: PipelineSpec, after: PipelineSpec): readonly PipelineChange[] {
  const keys = decisiveKeys.filter((key) => !isEqual(partOf(before, key), partOf(after, key))).map(fileKey);
  return [
    ...diffParts('task', tasksOf(before), tasksOf(after)),
    ...diffParts('check', checksOf(before), checksOf(after)),
    ...(keys.length === 0 ? [] : [{ part: 'pipeline', change: 'changed', keys } as const]),
  ];
}

const decisiveKeys = ['params', 'env', 'envFiles', 'pools'] as const;

type Part = Readonly<Record<string, unknown>>;

function tasksOf({ tasks }: PipelineSpec): ReadonlyMap<string, Part> {
  return new Map(
    tasks.map(({ dir, envFiles, ...spec }) => [spec.id, { ...spec, dir: dir?.path, envFiles: pathsOf(envFiles) }]),
  );
}

function pathsOf(files: readonly LocatedPath[] | undefined): readonly string[] | undefined {
  return files?.map(({ path }) => path);
}

function checksOf({ checks }: PipelineSpec): ReadonlyMap<string, Part> {
  // In the file the keys of a definition stand beside those that all checks have.
  return new Map(checks.map(({ definition, ...spec }) => [spec.name, { ...spec, ...definition }]));
}

function diffParts(
  part: 'task' | 'check',
  before: ReadonlyMap<string, Part>,
  after: ReadonlyMap<string, Part>,
): readonly PipelineChange[] {
  const added = [...after.keys()].filter((name) => !before.has(name));
  const removed = [...before.keys()].filter((name) => !after.has(name));
  const changed = [...after].flatMap(([name, spec]): readonly PipelineChange[] => {
    const keys = changedKeys(before.get(name) ?? spec, spec);
    return keys.length === 0 ? [] : [{ part, name, change: 'changed', keys }];
  });
  return [
    ...changed,
    ...added.map((name) => ({ part, name, change: 'added' as const })),
    ...removed.map((name) => ({ part, name, change: 'removed' as const })),
  ];
}

/** Where a part stands in the file, and what it is for, changes nothing. */
const ignoredKeys = new Set(['at', 'description', 'level']);

function changedKeys(before: Part, after: Part): readonly string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = keys.filter((key) => !ignoredKeys.has(key) && !isEqual(before[key], after[key]));
  return [...new Set(changed.map(fileKey))];
}

/** `kill_grace` for `killGraceMs`: a key of the model as the file has it. */
function fileKey(key: string): string {
  if (key === 'retry') return 'retries';
  if (key === 'envFiles') return 'env_file';
  const plainKey = key.replace(/(OfMedian|Ms|Bytes)$/, '');
  return plainKey.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function partOf(pipeline: PipelineSpec, key: (typeof decisiveKeys)[number]): unknown {
  if (key === 'pools') return [...pipeline.pools];
  return key === 'envFiles' ? pathsOf(pipeline.envFiles) : pipeline[key];
}
