import type { SecretPatterns } from '../../masking/compile-secrets.ts';
import type { HostId } from '../../model/ids.ts';
import type { StartRequest } from '../../ports.ts';
import type { ProcessTable } from './cleanup/process-table.ts';
import type { SlotInstruction } from './slots/slot-instruction.ts';
import type { SlotPool } from './slots/slot-pool.ts';

/** What all processes of a runner share. */
export type ProcessContext = {
  readonly host: HostId;
  readonly pool: SlotPool;
  readonly secrets: SecretPatterns | undefined;
  /** The pids of slots and of the leaders of running attempts, none of which is a leftover of another attempt. */
  readonly ownPids: Set<number>;
  readonly processes: ProcessTable;
};

/** One attempt, as it is given to a slot. */
export type ProcessSpec = {
  readonly request: StartRequest;
  readonly instruction: SlotInstruction;
  /** An entry of its environment that no other attempt has: `NAME=value`. */
  readonly mark: string;
  readonly reportPath: string;
};
