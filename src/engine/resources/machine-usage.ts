/** Usage of the machine, or of what a container may use of it. */
export type MachineUsage = {
  /** Since the previous sample, 0 to 1. */
  readonly cpu: number;
  /** 0 to 1. */
  readonly memory: number;
  readonly memoryBytes: number;
  readonly cores: number;
  readonly memoryLimitBytes: number;
};

/** Samples the machine; undefined for the first sample, or when it cannot be measured. */
export type SampleMachine = () => Promise<MachineUsage | undefined>;

export function fraction(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0;
}
