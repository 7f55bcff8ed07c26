import type { RunId, TaskId } from '../../model/ids.ts';
import type { TaskSpec } from '../../model/pipeline/pipeline.ts';
import { withLines } from '../../model/pipeline/plan.ts';
import type { RerunReason } from '../../model/run/resume-decision.ts';
import type { TaskState } from '../../model/run/task-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { withDeadline } from '../../platform/with-deadline.ts';

import type { RunAdapters } from '../parts/run-adapters.ts';
import type { RunMasking } from '../parts/run-masking.ts';
import type { RunRequest } from '../request/run-request.ts';
import { compareInputs, type ReuseSources } from '../reuse/judge-reuse.ts';
import type { ReuseFiles } from '../reuse/open-reuse-files.ts';
import type { ResumableRun } from './resumable-run.ts';

/** Inputs that take longer to read count as unchanged. */
const readWithinMs = 60_000;

type FileSources = Pick<ReuseSources, 'outputs' | 'mask'> & {
  /** Absent where nothing is kept of what tasks were made of. */
  readonly reuse: ReuseFiles | undefined;
};

/**
 * What has changed about the files that tasks declare since they succeeded in the run that is resumed: an output that is
 * gone, or an input whose content is another one. Of a task that began in another run meanwhile only the outputs count.
 */
export async function findChangedFiles(
  { plan }: Pick<RunRequest, 'plan'>,
  { run, state: { plan: former, tasks } }: Pick<ResumableRun, 'run' | 'state'>,
  sources: FileSources,
): Promise<ReadonlyMap<TaskId, RerunReason>> {
  const changes = new Map<TaskId, RerunReason>();
  for (const { spec } of withLines(plan, former.written?.values.lines).tasks) {
    const index = former.indexOf.get(spec.id);
    const by = index === undefined ? undefined : succeededIn(run, entryAt(tasks, index).state);
    const change = by && ((await missingOutput(sources, spec)) ?? (await changedInput(sources, spec, by)));
    if (change !== undefined) changes.set(spec.id, change);
  }
  return changes;
}

/** The same with the adapters and the directory of the run. */
export function changedSinceThen(
  request: RunRequest,
  resume: ResumableRun,
  adapters: Pick<RunAdapters, 'openOutputs' | 'openReuse'>,
  { runDir, masking: { mask } }: { readonly runDir: string; readonly masking: Pick<RunMasking, 'mask'> },
): Promise<ReadonlyMap<TaskId, RerunReason>> {
  const roots = { projectDir: request.projectDir, runDir };
  const sources = { outputs: adapters.openOutputs(roots), reuse: adapters.openReuse(request, roots), mask };
  return findChangedFiles(request, resume, sources);
}

/** In which run the task has made what it declares; undefined when it has not. */
function succeededIn(run: RunId, state: TaskState): RunId | undefined {
  if (state.kind === 'reused') return state.run;
  // What stands in for a task need not write its files.
  return state.kind === 'succeeded' && state.degraded === undefined ? run : undefined;
}

async function missingOutput({ outputs, mask }: FileSources, spec: TaskSpec): Promise<RerunReason | undefined> {
  const missing = spec.outputs.length === 0 ? undefined : await outputs.firstMissing(spec.id, spec.outputs);
  return missing && { kind: 'output', path: mask(missing.path) };
}

async function changedInput({ reuse, mask }: FileSources, spec: TaskSpec, by: RunId): Promise<RerunReason | undefined> {
  if (reuse === undefined || (spec.inputs ?? []).length === 0) return undefined;
  const record = await reuse.records.read(spec.id);
  const then = record?.run === by ? record.success?.fingerprint : undefined;
  if (then === undefined) return undefined;
  const reading = new AbortController();
  const compared = compareInputs({ inputs: reuse.inputs, mask }, spec, then, { signal: reading.signal });
  const read = await withDeadline(compared, readWithinMs, () => reading.abort());
  return read !== undefined && 'change' in read ? read.change : undefined;
}
