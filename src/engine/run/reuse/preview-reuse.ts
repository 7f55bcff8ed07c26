import { join } from 'node:path';
import type { TaskId } from '../../model/ids.ts';
import { isReusable, isReusableIn } from '../../model/pipeline/reusable.ts';
import type { ReuseChange, ReuseVerdict } from '../../model/run/reuse.ts';
import { openOutputFiles } from '../../storage/fs/output-files.ts';
import { maskRun } from '../parts/run-masking.ts';
import type { RunRequest } from '../request/run-request.ts';
import { judgeReuse } from './judge-reuse.ts';
import { openReuseFiles } from './open-reuse-files.ts';
import { createSettings } from './settings-of.ts';

/** What would become of a task; `open`: that is decided when the task upstream has run. */
export type ReusePreview = ReuseVerdict | { readonly kind: 'open'; readonly upstream: TaskId };

/**
 * What a run would leave out because nothing has changed, as far as that is known before; a task that may not be reused is
 * missing. Opens no database, so that another one than then is not noticed. Starts and writes nothing.
 */
export async function previewReuse(request: RunRequest): Promise<ReadonlyMap<TaskId, ReusePreview>> {
  const { plan, projectDir, reuse } = request;
  const previews = new Map<TaskId, ReusePreview>();
  if (!plan.tasks.some(({ spec }) => isReusable(spec, reuse))) return previews;
  const { mask } = maskRun(request, []);
  const settingsOf = createSettings(request, { mask }, undefined);
  // A run that does not exist yet has nothing in its directory.
  const roots = { projectDir, runDir: join(projectDir, '.etl-tui', 'no-run') };
  const { records, inputs } = openReuseFiles(request, roots);
  const sources = {
    inputs,
    outputs: openOutputFiles(roots),
    settingsOf,
    recordOf: records.read,
    mask,
    anyDatabase: true,
  };
  const { signal } = new AbortController();
  for (const index of plan.order) {
    const { spec, upstream, skip } = plan.tasks[index]!;
    if (skip || !isReusableIn(plan, index, reuse)) continue;
    const { verdict } = await judgeReuse(sources, spec, { signal });
    const above = upstream.find((other) => runs(plan.tasks[other]!.skip, previews.get(plan.tasks[other]!.spec.id)));
    const isOpen = above !== undefined && (verdict.kind === 'reused' || mayPass(verdict.change));
    previews.set(spec.id, isOpen ? { kind: 'open', upstream: plan.tasks[above]!.spec.id } : verdict);
  }
  return previews;
}

/** Whether the task runs, or may. */
function runs(skip: boolean, preview: ReusePreview | undefined): boolean {
  return !skip && preview?.kind !== 'reused';
}

/** Whether a task upstream may put this right before it counts. */
function mayPass({ kind }: ReuseChange): boolean {
  return kind === 'input' || kind === 'upstream';
}
