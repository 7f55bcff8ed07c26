import pLimit from 'p-limit';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EpochMs, RunId, TaskId } from '../../model/ids.ts';
import type { MatrixLines } from '../../model/pipeline/matrix.ts';
import type { TaskSpec } from '../../model/pipeline/pipeline.ts';
import { type Plan, withLines } from '../../model/pipeline/plan.ts';
import { isRemembered } from '../../model/pipeline/reusable.ts';
import type { Fingerprint, Made, ReuseRecord, ReuseVerdict } from '../../model/run/reuse.ts';
import { entryAt } from '../../model/run/task-table.ts';
import type { RunListener } from '../../runtime/run-loop.ts';
import { type FoundInputs, firstChanged, type Hashing } from '../../storage/reuse/input-files.ts';
import type { ReuseRecords } from '../../storage/reuse/reuse-records.ts';
import { hashOfFiles, madeBy } from './fingerprint.ts';
import { judgeReuse, type ReuseSources, upstreamOf } from './judge-reuse.ts';

/** Knows what tasks were made of when they last succeeded, and keeps it for the runs to come. */
export type ReuseKeeper = {
  /** Whether anything has changed since the task last succeeded. Never rejects. */
  ask(task: TaskId, hashing: Omit<Hashing, 'known'>): Promise<ReuseVerdict>;
  /** To be awaited before an attempt starts; undefined for a task of which nothing is kept. Never rejects. */
  begin(task: TaskId, attempt: number): Promise<void> | undefined;
  readonly onEvent: RunListener;
  /** Resolves when everything is kept. */
  settled(): Promise<void>;
  /** Gives up what is still read. */
  stop(): void;
};

export type ReuseContext = Omit<ReuseSources, 'recordOf'> & {
  /** As it is written, with its secrets. */
  readonly plan: Plan;
  /** The values of matrices that tasks of the run have written so far. */
  readonly knownLines: () => MatrixLines | undefined;
  readonly run: RunId;
  readonly records: ReuseRecords;
  readonly onWarning: (warning: Diagnostic) => void;
};

/** Looking at files waits for the disk more than it computes. */
const askedAtOnce = 16;

/** An attempt that has begun in this run. */
type Begun = {
  readonly attempt: number;
  /** What the task had made until then. */
  readonly before: Made | undefined;
  /** Absent for a task that is remembered only for the sake of others. */
  readonly found?: FoundInputs;
  /** Undefined when an input cannot be read. */
  readonly fingerprint: Promise<Fingerprint | undefined>;
  readonly reading: AbortController;
};

/**
 * 1. Before an attempt starts, the record of its task says that it has begun: whatever it leaves behind, nobody takes it for
 *    the work of an earlier success. Its inputs are read while it runs.
 * 2. When it has succeeded by its own work and with data that is up to date, the record says what it was made of.
 * 3. A task that depends on it waits until that is known.
 */
export function createReuseKeeper(context: ReuseContext): ReuseKeeper {
  const { plan, run, records, inputs, settingsOf } = context;
  let known = lookUp(plan);
  const specOf = (task: TaskId): TaskSpec => {
    if (!known.specs.has(task)) known = lookUp(withLines(plan, context.knownLines()));
    return known.specs.get(task)!;
  };
  const begun = new Map<TaskId, Begun>();
  /** What is known of tasks that have succeeded in this run. */
  const succeeded = new Map<TaskId, Promise<ReuseRecord>>();
  const pending = new Set<Promise<unknown>>();
  const readings = new Set<AbortController>();
  const asking = pLimit(askedAtOnce);
  let hasWarned = false;

  const recordOf = async (task: TaskId) => (await succeeded.get(task)) ?? (await records.read(task));
  const sources: ReuseSources = { ...context, recordOf };

  const write = async (record: ReuseRecord): Promise<void> => {
    const written = await records.write(record);
    if (written.ok || hasWarned) return;
    hasWarned = true;
    context.onWarning({ ...written.error, severity: 'warning', hint: 'nothing will be reused' });
  };

  const inBackground = (work: Promise<unknown>) => {
    const done = work.catch(() => undefined).finally(() => pending.delete(done));
    pending.add(done);
  };

  const readFingerprint = async (
    spec: TaskSpec,
    found: FoundInputs,
    known: ReuseRecord | undefined,
    signal: AbortSignal,
  ) => {
    const earlier = known?.success?.fingerprint?.inputs;
    const { files, unreadable } = await inputs.hash(found, {
      signal,
      ...(earlier === undefined ? {} : { known: earlier }),
    });
    if (unreadable !== undefined) return undefined;
    return { ...(await settingsOf(spec)), upstream: await upstreamOf(sources, spec), inputs: files };
  };

  const begin = async (spec: TaskSpec, attempt: number): Promise<void> => {
    const former = begun.get(spec.id);
    former?.reading.abort();
    const kept = await recordOf(spec.id);
    succeeded.delete(spec.id);
    await write({ version: 1, task: spec.id, run, attempt });
    const before = kept?.success?.made ?? former?.before;
    const reading = new AbortController();
    readings.add(reading);
    const found = known.isRead.has(spec.id) ? await inputs.find(spec.inputs ?? []).catch(() => undefined) : undefined;
    const fingerprint =
      found === undefined ? Promise.resolve(undefined) : readFingerprint(spec, found, kept, reading.signal);
    inBackground(fingerprint);
    begun.set(spec.id, { attempt, before, ...(found === undefined ? {} : { found }), fingerprint, reading });
  };

  /** An input that changed while the task ran makes it run again. */
  const settle = async (spec: TaskSpec, { found, fingerprint }: Begun): Promise<Fingerprint | undefined> => {
    const complete = found === undefined ? undefined : await fingerprint;
    if (found === undefined || complete === undefined) return undefined;
    const changed = firstChanged(found, await inputs.find(spec.inputs ?? []));
    if (changed === undefined) return complete;
    return { ...complete, inputs: { ...complete.inputs, [changed]: { hash: 'changed while the task ran' } } };
  };

  const outputsOf = async (spec: TaskSpec, signal: AbortSignal): Promise<{ readonly files?: string }> => {
    if (spec.outputs.length === 0 || !known.isCompared.has(spec.id)) return {};
    const { files, unreadable } = await inputs.hash(await inputs.find(spec.outputs), { signal });
    return unreadable === undefined ? { files: hashOfFiles(files) } : {};
  };

  const succeed = async (
    spec: TaskSpec,
    of: Begun,
    at: EpochMs,
    rowsChanged: number | undefined,
  ): Promise<ReuseRecord> => {
    const record = { version: 1, task: spec.id, run, attempt: of.attempt } as const;
    try {
      const fingerprint = await settle(spec, of);
      const made = madeBy(
        {
          attempt: `${run}#${of.attempt}`,
          ...(await outputsOf(spec, of.reading.signal)),
          usesDatabase: spec.connections > 0,
          ...(rowsChanged === undefined ? {} : { rowsChanged }),
        },
        of.before,
      );
      const complete = { ...record, success: { at, made, ...(fingerprint === undefined ? {} : { fingerprint }) } };
      await write(complete);
      return complete;
    } catch {
      // The file system does not answer.
      return record;
    } finally {
      readings.delete(of.reading);
    }
  };

  return {
    ask: async (task, hashing) => {
      const { verdict, inputs: read } = await asking(() => judgeReuse(sources, specOf(task), hashing));
      if (read !== undefined) inBackground(refresh(task, read));
      return verdict;
    },
    begin: (task, attempt) => {
      const spec = specOf(task);
      return known.isRead.has(task) || known.isCompared.has(task) ? begin(spec, attempt) : undefined;
    },
    onEvent: (event, state) => {
      // Who cancels a run does not wait for files to be read.
      if (event.type === 'run.draining' && event.reason.kind === 'cancelled') stop();
      const of = event.type === 'task.finished' ? begun.get(event.task) : undefined;
      if (event.type !== 'task.finished' || of === undefined) return;
      begun.delete(event.task);
      const { stale, report } = entryAt(state.tasks, state.plan.indexOf.get(event.task)!);
      const { outcome } = event;
      if (outcome.kind !== 'succeeded' || outcome.degraded !== undefined || stale !== undefined) {
        of.reading.abort();
        readings.delete(of.reading);
        return;
      }
      const record = succeed(specOf(event.task), of, event.at, report?.rowsChanged);
      succeeded.set(event.task, record);
      inBackground(record);
    },
    settled: async () => {
      while (pending.size > 0) await Promise.all(pending);
    },
    stop,
  };

  function stop(): void {
    for (const reading of readings) reading.abort();
  }

  /** Files that were read although they had not changed, as after a checkout, need not be read the next time. */
  async function refresh(task: TaskId, read: Fingerprint['inputs']): Promise<void> {
    const record = await recordOf(task);
    const { success } = record ?? {};
    if (record === undefined || success?.fingerprint === undefined) return;
    if (JSON.stringify(success.fingerprint.inputs) === JSON.stringify(read)) return;
    await write({ ...record, success: { ...success, fingerprint: { ...success.fingerprint, inputs: read } } });
  }
}

/** The tasks of a plan, those that are not part of the run included. */
function lookUp({ pipeline, tasks }: Plan) {
  const specs = [...pipeline.tasks, ...tasks.map(({ spec }) => spec)];
  const remembered = specs.filter(isRemembered);
  return {
    specs: new Map(specs.map((spec) => [spec.id, spec])),
    /** Those of which the inputs are kept, and those of which others compare what they have made. */
    isRead: new Set(remembered.map(({ id }) => id)),
    isCompared: new Set(remembered.flatMap(({ dependencies }) => dependencies)),
  };
}
