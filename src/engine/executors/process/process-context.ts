import type { SecretPatterns } from '../../masking/compile-secrets.ts';
import type { HostId } from '../../model/ids.ts';
import type { StartRequest } from '../../ports.ts';
import type { OwnPids } from './cleanup/own-pids.ts';
import type { ProcessTable } from './cleanup/process-table.ts';
import type { OutputFlow } from './output/output-flow.ts';
import type { SlotInstruction } from './slots/slot-instruction.ts';
import type { SlotPool } from './slots/slot-pool.ts';

/** What all processes of a runner share. */
export type ProcessContext = {
  readonly host: HostId;
  readonly pool: SlotPool;
  readonly secrets: SecretPatterns | undefined;
  readonly ownPids: OwnPids;
  readonly processes: ProcessTable;
  readonly flow: OutputFlow | undefined;
};

/** One attempt, as it is given to a slot. */
export type ProcessSpec = {
  readonly request: StartRequest;
  readonly instruction: SlotInstruction;
  /** An entry of its environment that no other attempt has: `NAME=value`. */
  readonly mark: string;
  readonly reportPath: string;
};
