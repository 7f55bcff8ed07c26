import { resolve } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { PipelineSpec } from '../model/pipeline/pipeline.ts';
import type { FoundPipeline } from '../pipeline/find-pipeline.ts';
import type { EnvFiles } from '../run/request/surroundings.ts';
import { formatDefaults } from '../spec/format-defaults.ts';
import type { IncludedFile } from '../spec/include/included-file.ts';

/** The pipeline by which requests are carried out, and how its runs are started. */
export type RequestProject = {
  readonly found: FoundPipeline;
  /** The files that its file includes. */
  readonly included: readonly IncludedFile[];
  readonly spec: PipelineSpec;
  /** Absolute. */
  readonly logDir: string;
  /** With what the files of variables for the whole run set. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly envFiles?: EnvFiles;
  readonly sequential: boolean;
  readonly maxParallel?: number | 'auto';
  /** Whether a request whose deadline cannot be met is refused, also when it does not ask for that itself. */
  readonly refuseLate: boolean;
  readonly onProgress?: (line: string) => void;
  readonly onWarning?: (warning: Diagnostic) => void;
};

/** The directory of all hand-offs of a project, absolute. */
export function handoffsDirectory({ found, spec }: Pick<RequestProject, 'found' | 'spec'>): string {
  return resolve(found.projectDir, spec.handoffs?.directory ?? formatDefaults.handoffs.directory);
}
