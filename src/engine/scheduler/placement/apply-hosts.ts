import type { Limits } from '../../model/pipeline/pipeline.ts';
import type { HostLoad, HostState, SeenHost } from '../../model/run/host-state.ts';
import { record, type Transition } from '../transition.ts';
import { type HostUse, hostUses, unused } from './host-use.ts';
import { goneHost } from './known-hosts.ts';

/** Steps in which room is counted and loads are recorded, so that small changes are none: cores, and parts of the memory. */
const cpuStep = 0.25;
const memorySteps = 64;
/** A load of which nothing follows is recorded when it has changed by this share of the machine, for who looks at the run later. */
const loadStep = 0.25;
/** A record of the journal holds a few dozen hosts, but shall be short. */
const maxTogether = 8;

/** Records which hosts are new, have changed in what decides, or are gone. Before the run and after its end they decide nothing. */
export function applyHosts(transition: Transition, seen: readonly SeenHost[]): void {
  const { hosts, phase, plan } = transition.state;
  if (hosts === undefined || phase.kind === 'planned' || phase.kind === 'finished') return;
  const uses = hostUses(transition.state);
  const left = new Map(hosts.map((host) => [host.id, host]));
  const changed: HostState[] = [];
  for (const host of seen) {
    const before = left.get(host.id);
    const after = assessHost(plan.pipeline.limits, host, uses.get(host.id) ?? unused, before);
    if (before === undefined || isDifferent(before, after)) changed.push(after);
    left.delete(host.id);
  }
  for (const host of left.values()) if (!host.isGone) changed.push(goneHost(host));
  for (let at = 0; at < changed.length; at += maxTogether)
    record(transition, { type: 'hosts.changed', hosts: changed.slice(at, at + maxTogether) });
}

/**
 * The room on a host is what its limits leave beside other programs; what these use is what all use, without what the attempts of
 * this run are counted with. So it stays valid while attempts start and end, until the next load is seen.
 */
function assessHost(limits: Limits, host: SeenHost, { cpu, memoryBytes }: HostUse, before?: HostState): HostState {
  const { load } = host;
  if (load === undefined) return host;
  const step = load.memoryBytes / memorySteps;
  const others = {
    cpu: Math.max(0, load.usedCores - cpu),
    memoryBytes: Math.max(0, load.memoryBytes - load.freeMemoryBytes - memoryBytes),
  };
  const room = {
    // Something is always left for one attempt, so that a host in use by others does not stop the run.
    cpu: Math.max(cpuStep, nearTo(limits.cpu * load.cores - others.cpu, cpuStep, before?.room?.cpu)),
    memoryBytes: nearTo(limits.memory * load.memoryBytes - others.memoryBytes, step, before?.room?.memoryBytes),
  };
  return { ...host, load: roundLoad(load), room };
}

/** In steps, and as it was before when it is near that. */
function nearTo(value: number, step: number, before: number | undefined): number {
  if (before !== undefined && Math.abs(value - before) <= step) return before;
  return Math.max(0, Math.round(value / step) * step);
}

function roundLoad({ cores, memoryBytes, usedCores, freeMemoryBytes }: HostLoad): HostLoad {
  const step = memoryBytes / memorySteps;
  return {
    cores,
    memoryBytes,
    usedCores: Math.round(usedCores / cpuStep) * cpuStep,
    freeMemoryBytes: Math.round(Math.round(freeMemoryBytes / step) * step),
  };
}

function isDifferent(before: HostState, after: HostState): boolean {
  return (
    before.isGone === true ||
    before.name !== after.name ||
    before.slots !== after.slots ||
    before.accepting !== after.accepting ||
    before.labels.join() !== after.labels.join() ||
    before.room?.cpu !== after.room?.cpu ||
    before.room?.memoryBytes !== after.room?.memoryBytes ||
    hasMoved(before.load, after.load)
  );
}

function hasMoved(before: HostLoad | undefined, after: HostLoad | undefined): boolean {
  if (before === undefined || after === undefined) return before !== after;
  return (
    before.cores !== after.cores ||
    before.memoryBytes !== after.memoryBytes ||
    Math.abs(before.usedCores - after.usedCores) >= loadStep * after.cores ||
    Math.abs(before.freeMemoryBytes - after.freeMemoryBytes) >= loadStep * after.memoryBytes
  );
}
