import type { RunState } from '../../model/run/run-state.ts';
import type { RunParts } from '../parts/acquire-parts.ts';
import type { RunRequest } from '../request/run-request.ts';
import type { RunFiles } from './write-run-files.ts';

/** Tells whoever asked for the run how it has ended. What goes wrong there is told with the warnings of the results. */
export async function reportEnd(
  { onEnd }: Pick<RunRequest, 'onEnd'>,
  { clock, database, masking }: Pick<RunParts, 'clock' | 'database' | 'masking'>,
  state: RunState,
  files: RunFiles,
): Promise<RunFiles> {
  if (onEnd === undefined) return files;
  const { written } = files;
  const warnings = await onEnd({
    state,
    verdict: files.result.verdict,
    now: clock.now(),
    written,
    database: database?.description,
    mask: masking.mask,
  });
  return { ...files, warnings: [...files.warnings, ...warnings] };
}
