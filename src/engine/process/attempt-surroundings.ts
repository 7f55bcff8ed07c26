import type { OutputLog } from '../ports.ts';
import type { ProcessTable } from './process-table.ts';
import type { SecretPatterns } from './secret-patterns.ts';
import type { SlotPool } from './slot-pool.ts';

/** What all attempts of an executor share. */
export type Surroundings = {
  readonly bash: string;
  readonly pool: SlotPool;
  readonly log: OutputLog;
  readonly secrets: SecretPatterns | undefined;
  /** The pids of slots, and of the leaders of the attempts that run. */
  readonly ours: Set<number>;
  readonly processes: ProcessTable;
};

/** What one attempt has of its own, beside its request. */
export type Belongings = {
  /** An entry of its environment that no other attempt has: `NAME=value`. */
  readonly mark: string;
  readonly reportPath: string;
};
