import type { Diagnostic } from '../model/diagnostic.ts';
import type { ColumnPattern } from '../model/pipeline/column-pattern.ts';
import type { RunRequest } from '../run/request/run-request.ts';
import type { Proof, VerifyStep } from './verify-report.ts';

/** The plan holds the tasks to be proved, and all upstream of them. */
export type VerifyRequest = Pick<
  RunRequest,
  | 'plan'
  | 'pipelinePath'
  | 'pipelineText'
  | 'projectDir'
  | 'env'
  | 'envFiles'
  | 'params'
  | 'maxParallel'
  | 'onProgress'
  | 'onWarning'
> & {
  readonly proofs: readonly Proof[];
  /** Names of the tasks that are run twice and killed; absent = all. The others are only run, for what these need. */
  readonly only?: ReadonlySet<string>;
  /** How often each task is killed before it may run to its end; at least 1. */
  readonly kills: number;
  /** Decides the moments of the kills. */
  readonly seed: number;
  readonly ignore: readonly ColumnPattern[];
  /** Schemas in the user's database in place of databases: the tasks must not name a schema. */
  readonly inSchemas: boolean;
  /** Whether the databases and the logs of the runs are left for somebody to look at. */
  readonly keep: boolean;
  readonly stop: VerifyStop;
  readonly onStep: (step: VerifyStep) => void;
};

/** How the caller ends the work early; everything is put back and dropped then, too. */
export type VerifyStop = {
  readonly signal: AbortSignal;
  /** Aborted when the tasks that still run are to be killed instead of being asked. */
  readonly now: AbortSignal;
};

/** Why the work goes no further. */
export type Halt = { readonly kind: 'stopped' } | { readonly kind: 'mistake'; readonly mistake: Diagnostic };
