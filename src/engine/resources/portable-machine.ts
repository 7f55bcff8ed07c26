import { fraction, type SampleMachine } from './machine-usage.ts';

/** For systems without /proc. The library is large and slow to load, so nothing else of it is used, and not before. */
export async function openPortableMachine(): Promise<SampleMachine> {
  const { default: system } = await import('systeminformation');
  // It measures from one call to the next.
  await system.currentLoad();
  return async () => {
    const [load, memory] = [await system.currentLoad(), await system.mem()];
    const used = memory.total - memory.available;
    return {
      cpu: fraction(load.currentLoad, 100),
      memory: fraction(used, memory.total),
      memoryBytes: used,
      cores: load.cpus.length,
      memoryLimitBytes: memory.total,
    };
  };
}
