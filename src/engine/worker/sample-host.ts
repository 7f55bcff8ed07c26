import type { HostLoad } from '../model/run/host-state.ts';
import { ownSystem } from '../resources/control-groups.ts';
import { openLinuxMachine } from '../resources/linux-machine.ts';
import { openPortableMachine } from '../resources/portable-machine.ts';

const everyMs = 5_000;

/** Measures what this machine, or its container, has left. */
export async function sampleHost(): Promise<{ latest(): HostLoad | undefined; stop(): void }> {
  const sample = openLinuxMachine(ownSystem) ?? (await openPortableMachine().catch(() => undefined));
  let latest: HostLoad | undefined;
  const look = async () => {
    const seen = await sample?.().catch(() => undefined);
    if (seen === undefined) return;
    const { cores, cpu, memoryLimitBytes, memoryBytes } = seen;
    const freeMemoryBytes = Math.max(0, memoryLimitBytes - memoryBytes);
    latest = { cores, memoryBytes: memoryLimitBytes, usedCores: cpu * cores, freeMemoryBytes };
  };
  await look();
  const timer = setInterval(() => void look(), everyMs);
  return { latest: () => latest, stop: () => clearInterval(timer) };
}
