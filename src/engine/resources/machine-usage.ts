/** What of the machine, or of what a container may use of it, is in use. */
export type MachineUsage = {
  /** Since the look before, 0 to 1. */
  readonly cpu: number;
  /** 0 to 1. */
  readonly memory: number;
  readonly memoryBytes: number;
};

/** Looks at the machine; undefined when there is nothing to compare with yet, or nothing can be seen. */
export type SampleMachine = () => Promise<MachineUsage | undefined>;

export function fraction(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0;
}
