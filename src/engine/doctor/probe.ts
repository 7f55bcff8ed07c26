import type { Plan } from '../model/pipeline/plan.ts';
import type { EnvFiles } from '../run/request/surroundings.ts';
import type { ProbeResult } from './probe-result.ts';

/** What is looked at around a pipeline. Paths are absolute. */
export type ExamineRequest = {
  readonly projectDir: string;
  readonly logDir: string;
  /** With what the files for a whole run set. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absent when there is none, or none that can be read: then what belongs to one is not looked at. */
  readonly pipeline?: {
    readonly plan: Plan;
    readonly params: ReadonlyMap<string, string>;
    readonly envFiles: EnvFiles;
  };
};

/** Looks at one thing; writes nothing that stays. */
export type Probe = (request: ExamineRequest) => Promise<readonly ProbeResult[]>;
