import type { TaskId } from '../../model/ids.ts';
import type { TaskSpec } from '../../model/pipeline/pipeline.ts';
import type { Fingerprint, Made, ReuseChange, ReuseRecord, ReuseVerdict, Settings } from '../../model/run/reuse.ts';
import type { OutputFiles } from '../../ports.ts';
import type { FoundInputs, Hashing, InputFiles } from '../../storage/reuse/input-files.ts';
import { changedInputs, changedSettings, changedUpstream } from './fingerprint.ts';

/** Where the answer comes from. */
export type ReuseSources = {
  readonly inputs: InputFiles;
  readonly outputs: Pick<OutputFiles, 'firstMissing'>;
  readonly settingsOf: (task: TaskSpec) => Promise<Settings>;
  readonly recordOf: (task: TaskId) => Promise<ReuseRecord | undefined>;
  readonly mask: (text: string) => string;
  /** Which database the task would be given is not known yet, and does not count. */
  readonly anyDatabase?: boolean;
};

/** The verdict, and the inputs as they were read for it where that tells more than the record of the task. */
export type Judged = { readonly verdict: ReuseVerdict; readonly inputs?: Fingerprint['inputs'] };

/**
 * Whether anything has changed since the task last succeeded; what takes no time is compared first. What cannot be read
 * counts as changed. Never rejects.
 */
export async function judgeReuse(
  sources: ReuseSources,
  task: TaskSpec,
  hashing: Omit<Hashing, 'known'>,
): Promise<Judged> {
  const record = await sources.recordOf(task.id);
  const then = record?.success?.fingerprint;
  if (record !== undefined && record.success === undefined) return changed({ kind: 'unfinished', run: record.run });
  if (record?.success === undefined || then === undefined) return changed({ kind: 'unknown' });
  const now = await sources.settingsOf(task);
  const early =
    changedSettings(sources.anyDatabase ? withDatabaseOf(now, then) : then, now) ??
    changedUpstream(then.upstream, await upstreamOf(sources, task)) ??
    (await missingOutput(sources, task));
  if (early !== undefined) return changed(early);
  const read = await compareInputs(sources, task, then, hashing);
  if ('change' in read) return changed(read.change);
  return { verdict: { kind: 'reused', run: record.run, at: record.success.at }, inputs: read.inputs };
}

function withDatabaseOf({ database }: Settings, then: Settings): Settings {
  const { database: _, ...others } = then;
  return { ...others, ...(database === undefined ? {} : { database }) };
}

/** What each task has made that this one depends on. */
export async function upstreamOf(
  { recordOf }: Pick<ReuseSources, 'recordOf'>,
  { dependencies }: Pick<TaskSpec, 'dependencies'>,
): Promise<Fingerprint['upstream']> {
  const made = dependencies.map(async (task) => [task, madeOf(await recordOf(task))] as const);
  return Object.fromEntries(await Promise.all(made));
}

/** What a task that has begun and not succeeded since has left is nobody's work but that of this attempt. */
function madeOf(record: ReuseRecord | undefined): Made {
  if (record === undefined) return { data: 'nothing known' };
  return record.success?.made ?? { data: `begun by ${record.run}#${record.attempt}` };
}

async function missingOutput({ outputs }: ReuseSources, task: TaskSpec): Promise<ReuseChange | undefined> {
  if (task.outputs.length === 0) return undefined;
  const missing = await outputs.firstMissing(task.id, task.outputs);
  return missing === undefined ? undefined : { kind: 'output', ...missing };
}

/** The inputs of a task as they are now, or the first that is not as it was when `then` was taken. */
export async function compareInputs(
  sources: Pick<ReuseSources, 'inputs' | 'mask'>,
  task: TaskSpec,
  then: Pick<Fingerprint, 'inputs'>,
  hashing: Omit<Hashing, 'known'>,
): Promise<ReadInputs> {
  const read = await readInputs(sources, task, { ...hashing, known: then.inputs });
  if ('change' in read) return read;
  const change = changedInputs(then.inputs, read.inputs);
  return change === undefined ? read : { change };
}

type InputChange = Extract<ReuseChange, { readonly kind: 'input' }>;
type ReadInputs = { readonly inputs: Fingerprint['inputs'] } | { readonly change: InputChange };

async function readInputs(
  { inputs, mask }: Pick<ReuseSources, 'inputs' | 'mask'>,
  task: TaskSpec,
  hashing: Hashing,
): Promise<ReadInputs> {
  const paths = task.inputs ?? [];
  let found: FoundInputs;
  try {
    found = await inputs.find(paths);
  } catch {
    return { change: { kind: 'input', path: paths[0] ?? '', how: 'unreadable' } };
  }
  const [missing] = found.missing;
  if (missing !== undefined) return { change: { kind: 'input', path: mask(missing), how: 'missing' } };
  const { files, unreadable } = await inputs.hash(found, hashing);
  if (unreadable === undefined) return { inputs: files };
  return { change: { kind: 'input', path: mask(unreadable), how: 'unreadable' } };
}

function changed(change: ReuseChange): Judged {
  return { verdict: { kind: 'changed', change } };
}
