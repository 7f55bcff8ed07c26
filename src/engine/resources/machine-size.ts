import { availableParallelism, freemem, totalmem } from 'node:os';
import { type ContainerLimits, findContainer } from './container-limits.ts';
import { ownSystem, type SystemFiles } from './control-groups.ts';

/** What tasks may use together: the machine, or the part of it that its container and its CPU set allow. */
export type MachineSize = {
  /** May be a fraction. */
  readonly cores: number;
  readonly memoryBytes: number;
};

let container: ContainerLimits | undefined;

/** The control groups of this process stay the same; they are looked for once. */
function ownContainer(): ContainerLimits {
  container ??= findContainer(ownSystem);
  return container;
}

/** Of the machine that this process runs on. */
export function machineSize(): MachineSize {
  return sizeWithin(ownContainer());
}

export function readMachineSize(files: SystemFiles): MachineSize {
  return sizeWithin(findContainer(files));
}

function sizeWithin({
  cores = Number.POSITIVE_INFINITY,
  memoryBytes = Number.POSITIVE_INFINITY,
}: ContainerLimits): MachineSize {
  return { cores: Math.min(cores, availableParallelism()), memoryBytes: Math.min(memoryBytes, totalmem()) };
}

/** How much of it is in use now. */
export function memoryInUse(): number {
  return ownContainer().memoryUsed() ?? totalmem() - freemem();
}
