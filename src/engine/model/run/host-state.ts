import type { HostId } from '../ids.ts';

/** What a machine has, and what all that runs on it uses, the attempts as well. */
export type HostLoad = {
  readonly cores: number;
  readonly memoryBytes: number;
  readonly usedCores: number;
  readonly freeMemoryBytes: number;
};

/** A host that may run attempts, as it was seen last. */
export type SeenHost = {
  readonly id: HostId;
  /** For people; two workers that follow each other on one machine have the same. */
  readonly name: string;
  /** In alphabetical order. */
  readonly labels: readonly string[];
  /** How many attempts it is prepared to run at once. */
  readonly slots: number;
  /** False once it takes no new attempts. */
  readonly accepting: boolean;
  /** Rounded; absent as long as it is not known. */
  readonly load?: HostLoad;
};

/** What the scheduler knows of a host. It changes by `hosts.changed` only. */
export type HostState = SeenHost & {
  /** What the attempts of this run may use of it together, as of its last load; absent = no limit but its slots. */
  readonly room?: { readonly cpu: number; readonly memoryBytes: number };
  /** It is not there any more; attempts that ran on it still name it. */
  readonly isGone?: true;
};

/** The name of a host of the run; its id when the run has not seen it. */
export function hostName(hosts: readonly HostState[] | undefined, id: HostId): string {
  return hosts?.find((host) => host.id === id)?.name ?? id;
}
