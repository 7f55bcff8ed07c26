import type { HostState } from '../../model/run/host-state.ts';
import type { RunState } from '../../model/run/run-state.ts';

/** The hosts after an event: each that it names is as it says. */
export function withHosts(hosts: RunState['hosts'], changed: readonly HostState[]): readonly HostState[] {
  const all = new Map((hosts ?? []).map((host) => [host.id, host]));
  for (const host of changed) all.set(host.id, host);
  return [...all.values()];
}

/** Nobody knows what has become of them meanwhile, until they are seen again. */
export function forgetHosts(hosts: RunState['hosts'] = []): readonly HostState[] {
  return hosts.map(goneHost);
}

/** It takes nothing any more, and has nothing left to give. */
export function goneHost({ id, name, labels, slots }: HostState): HostState {
  return { id, name, labels, slots, accepting: false, isGone: true };
}

/** The limit of the run; where its tasks run on other hosts, no more than these have slots. */
export function limitOfRun({ hosts, maxParallel }: Pick<RunState, 'hosts' | 'maxParallel'>): number {
  if (hosts === undefined) return maxParallel;
  return Math.min(
    maxParallel,
    hosts.reduce((sum, { accepting, slots }) => sum + (accepting ? slots : 0), 0),
  );
}
