import { resolve } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { PipelineSpec } from '../model/pipeline/pipeline.ts';
import type { FoundPipeline } from '../pipeline/find-pipeline.ts';
import { formatDefaults } from '../spec/format-defaults.ts';

/** The pipeline by which requests are carried out, and how its runs are started. */
export type RequestProject = {
  readonly found: FoundPipeline;
  readonly spec: PipelineSpec;
  /** Absolute. */
  readonly logDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
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
