import type { HostId } from '../../model/ids.ts';
import { ownValue } from '../../model/own-value.ts';
import type { HostState } from '../../model/run/host-state.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { needsOf, negligibleCpu } from '../capacity/task-needs.ts';
import { type HostUse, hostUses, unused } from './host-use.ts';

/** Why a task that may start has no host: none with its labels is there, or those that are there have no slot or no room left. */
export type HostBlock = { readonly kind: 'no-host' | 'hosts-busy' | 'host-cpu' | 'host-memory' };

export type Placement =
  | { readonly kind: 'host'; readonly host: HostId }
  | HostBlock
  /** It would fit, but the memory of that host is for a task before it in the queue. */
  | { readonly kind: 'reserved'; readonly of: 'memory' };

const none: ReadonlySet<string> = new Set();

/**
 * The host on which a task would start now; undefined when it runs on this machine.
 * 1. Of the hosts that take new attempts and have all labels of the task, those count that have a free slot, and room for what
 *    the task is known to need.
 * 2. A host with which the task was lost comes after all others.
 * 3. Then the one with the largest share of room left comes first, else the one that is known longest.
 * A task that fits nowhere starts all the same when nothing of this run runs on those hosts: nothing else would end its wait.
 * @param reserved the ids of hosts whose memory is for tasks before it, among others
 */
export function placeTask(state: RunState, index: number, reserved: ReadonlySet<string> = none): Placement | undefined {
  if (state.hosts === undefined) return undefined;
  const candidates = suitableHosts(state, index);
  if (candidates.length === 0) return { kind: 'no-host' };
  const uses = hostUses(state);
  const usedOn = ({ id }: HostState) => uses.get(id) ?? unused;
  const open = candidates.filter((host) => usedOn(host).running < host.slots);
  if (open.length === 0) return { kind: 'hosts-busy' };
  const lacks = open.map((host) => lackOf(state, index, host, usedOn(host)));
  const free = open.filter((_, at) => lacks[at] === undefined);
  const needsNoMemory = reserved.size === 0 || needsOf(state, index).memoryBytes === 0;
  const fitting = needsNoMemory ? free : free.filter(({ id }) => !reserved.has(id));
  if (fitting.length < free.length && fitting.length === 0) return { kind: 'reserved', of: 'memory' };
  const isIdle = candidates.every((host) => usedOn(host).running === 0);
  if (fitting.length === 0 && !isIdle) return { kind: lacks.includes('host-cpu') ? 'host-cpu' : 'host-memory' };
  const { lostOn = [] } = entryAt(state.tasks, index);
  const shareOf = (host: HostState) => Number(!lostOn.includes(host.name)) + shareLeft(host, usedOn(host));
  const best = (fitting.length === 0 ? open : fitting).reduce((one, other) =>
    shareOf(other) > shareOf(one) ? other : one,
  );
  return { kind: 'host', host: best.id };
}

/**
 * The hosts whose memory is kept for a task that lacks it, so that smaller ones do not take what becomes free again and again:
 * the one with the most room, or all when it starts only once nothing runs on them.
 */
export function hostsToReserve(state: RunState, index: number): readonly HostId[] {
  const suitable = suitableHosts(state, index);
  const roomOf = ({ room }: HostState) => room?.memoryBytes ?? 0;
  const most = suitable.reduce((max, host) => Math.max(max, roomOf(host)), 0);
  const isTooLarge = needsOf(state, index).memoryBytes > most;
  return suitable
    .filter((host) => isTooLarge || roomOf(host) === most)
    .slice(0, isTooLarge ? undefined : 1)
    .map(({ id }) => id);
}

/** The hosts that take new attempts and have all labels of the task. */
export function suitableHosts({ hosts = [], plan }: RunState, index: number): readonly HostState[] {
  const { labels = [] } = plan.tasks[index]!.spec;
  return hosts.filter((host) => host.accepting && labels.every((label) => host.labels.includes(label)));
}

/** What is missing on a host: as on this machine, a task starts as long as cores are free, and needs all of its memory. */
function lackOf(
  state: RunState,
  index: number,
  { room }: HostState,
  { cpu, memoryBytes }: HostUse,
): HostBlock['kind'] | undefined {
  if (room === undefined) return undefined;
  if (cpu >= room.cpu && mayNeedCpu(state, index)) return 'host-cpu';
  const isFull = memoryBytes >= room.memoryBytes;
  return isFull || memoryBytes + needsOf(state, index).memoryBytes > room.memoryBytes ? 'host-memory' : undefined;
}

function mayNeedCpu({ plan, options }: RunState, index: number): boolean {
  const { id, cpu } = plan.tasks[index]!.spec;
  return (cpu ?? ownValue(options.needs, id)?.cpu ?? 1) >= negligibleCpu;
}

/** From 0 to 1: of slots, cores and memory that of which the least is left. */
function shareLeft({ slots, load, room }: HostState, { running, cpu, memoryBytes }: HostUse): number {
  const left = [(slots - running) / slots];
  if (load !== undefined && room !== undefined)
    left.push((room.cpu - cpu) / load.cores, (room.memoryBytes - memoryBytes) / load.memoryBytes);
  return Math.min(1, Math.max(0, Math.min(...left)));
}
