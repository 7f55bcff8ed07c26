import { availableParallelism, freemem, totalmem } from 'node:os';
import { findContainer } from './container-limits.ts';
import { ownSystem, type SystemFiles } from './control-groups.ts';

/** What tasks may use together: the machine, or the part of it that its container and its CPU set allow. */
export type MachineSize = {
  /** May be a fraction. */
  readonly cores: number;
  readonly memoryBytes: number;
};

let own: MachineSize | undefined;

/** Of the machine that this process runs on, read once. */
export function machineSize(): MachineSize {
  own ??= readMachineSize(ownSystem);
  return own;
}

export function readMachineSize(files: SystemFiles): MachineSize {
  const { cores = Number.POSITIVE_INFINITY, memoryBytes = Number.POSITIVE_INFINITY } = findContainer(files);
  return { cores: Math.min(cores, availableParallelism()), memoryBytes: Math.min(memoryBytes, totalmem()) };
}

/** How much of it is in use now. */
export function memoryInUse(): number {
  return findContainer(ownSystem).memoryUsed() ?? totalmem() - freemem();
}
