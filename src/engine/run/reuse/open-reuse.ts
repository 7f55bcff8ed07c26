import type { MatrixLines } from '../../model/pipeline/matrix.ts';
import { isRemembered } from '../../model/pipeline/reusable.ts';
import { withDeadline } from '../../platform/with-deadline.ts';
import type { RunParts } from '../parts/acquire-parts.ts';
import type { Closers } from '../parts/closers.ts';
import type { RunAdapters } from '../parts/run-adapters.ts';
import type { RunRequest } from '../request/run-request.ts';
import { createReuseKeeper, type ReuseKeeper } from './reuse-keeper.ts';
import { createSettings } from './settings-of.ts';

/** At the end of a run, what is still being read of inputs and outputs is waited for so long. */
const settleWithinMs = 60_000;

/** Opens what is known of earlier successes; undefined when no task of the pipeline declares anything of the kind. */
export function openReuse(
  request: RunRequest,
  adapters: Pick<RunAdapters, 'openReuse' | 'openOutputs'>,
  { run, runDir, database, masking, onWarning }: RunParts,
  knownLines: () => MatrixLines | undefined,
  closers: Closers,
): ReuseKeeper | undefined {
  const { plan } = request;
  const roots = { projectDir: request.projectDir, runDir };
  const files = plan.pipeline.tasks.some(isRemembered) ? adapters.openReuse(request, roots) : undefined;
  if (files === undefined) return undefined;
  const keeper = createReuseKeeper({
    plan,
    knownLines,
    run,
    ...files,
    outputs: adapters.openOutputs(roots),
    settingsOf: createSettings(request, masking, database),
    mask: masking.mask,
    onWarning,
  });
  const close = () => withDeadline(keeper.settled(), settleWithinMs, keeper.stop);
  closers.add('its record of reuse', close, settleWithinMs + 5_000);
  return keeper;
}
