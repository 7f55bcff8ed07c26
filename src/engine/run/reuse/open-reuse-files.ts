import type { PathRoots } from '../../storage/fs/pipeline-paths.ts';
import { type InputFiles, openInputFiles } from '../../storage/reuse/input-files.ts';
import { openReuseRecords, type ReuseRecords } from '../../storage/reuse/reuse-records.ts';
import type { RunRequest } from '../request/run-request.ts';

/** What is known of earlier successes, and the files that tasks read. */
export type ReuseFiles = { readonly records: ReuseRecords; readonly inputs: InputFiles };

export function openReuseFiles({ projectDir, plan, env }: RunRequest, roots: PathRoots): ReuseFiles {
  return { records: openReuseRecords(projectDir, plan.pipeline.name, env), inputs: openInputFiles(roots) };
}
