import type { SecretPatterns } from '../../masking/compile-secrets.ts';
import type { OutputLog } from '../../ports.ts';
import type { ProcessTable } from './cleanup/process-table.ts';
import type { SlotPool } from './slots/slot-pool.ts';

/** What all attempts of an executor share. */
export type ExecutorContext = {
  readonly bash: string;
  readonly pool: SlotPool;
  readonly log: OutputLog;
  readonly secrets: SecretPatterns | undefined;
  /** The pids of slots, and of the leaders of the attempts that run. */
  readonly ours: Set<number>;
  readonly processes: ProcessTable;
};

/** What one attempt has of its own, beside its request. */
export type AttemptIdentity = {
  /** An entry of its environment that no other attempt has: `NAME=value`. */
  readonly mark: string;
  readonly reportPath: string;
};
