import type { HostId } from '../../../src/engine/model/ids.ts';
import type { Host } from '../../../src/engine/ports.ts';
import type { HostFault } from './trial.ts';
import type { World } from './world.ts';

/** A worker on another machine, as it is in truth. */
export type WorldHost = Host & {
  /** It is dead, frozen or cut off: nothing reaches it, and nothing of it is heard. */
  isSilent: boolean;
  /** Everybody knows that its lease is over; it stays so. */
  isDeclaredDead: boolean;
};

export type WorldHosts = {
  /** Those that are not declared dead. */
  all(): readonly WorldHost[];
  find(id: HostId): WorldHost | undefined;
  onChange(listener: () => void): void;
};

/** What a host does with what runs on it. */
export type HostEvents = {
  /** Its machine is gone, and all that runs there. */
  readonly dies: (host: WorldHost) => void;
  /** Its guardian ends what runs there, because the lease was not renewed. */
  readonly guards: (host: WorldHost) => void;
  /** It was declared dead. */
  readonly isLost: (host: WorldHost) => void;
};

/**
 * Hosts that die, freeze and drain at their time. Each is followed by a new worker on the same machine, so that in the end every
 * task has a host. As the protocol of leases says, what ran on a silent host has ended before it is declared dead.
 */
export function createWorldHosts(
  world: World,
  { leaseMs, all }: { readonly leaseMs: number; readonly all: readonly HostFault[] },
  events: HostEvents,
): WorldHosts {
  const known = new Map<HostId, WorldHost>();
  const listeners: (() => void)[] = [];
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const living = () => [...known.values()].filter(({ isDeclaredDead }) => !isDeclaredDead);

  const arrive = (machine: number, generation: number): WorldHost => {
    const { labels, slots, load } = all[machine]!;
    const host: WorldHost = {
      id: `h${machine}-${generation}` as HostId,
      name: `h${machine}`,
      labels: new Set(labels),
      slots,
      accepting: true,
      isSilent: false,
      isDeclaredDead: false,
      ...(load === undefined ? {} : { load }),
    };
    known.set(host.id, host);
    return host;
  };
  const comeBack = (machine: number, afterMs: number) =>
    world.plan(world.now() + afterMs, () => {
      arrive(machine, 1);
      tell();
    });
  const declare = (host: WorldHost) => {
    host.isDeclaredDead = true;
    tell();
    events.isLost(host);
  };

  all.forEach(({ fate }, machine) => {
    const host = arrive(machine, 0);
    if (fate === undefined) return;
    world.plan(world.now() + fate.afterMs, () => {
      world.note(`host ${fate.kind}`);
      comeBack(machine, fate.backMs);
      if (fate.kind === 'drains') {
        Object.assign(host, { accepting: false });
        return tell();
      }
      host.isSilent = true;
      if (fate.kind === 'dies') events.dies(host);
      else world.plan(world.now() + leaseMs * 0.6, () => events.guards(host));
      world.plan(world.now() + leaseMs, () => declare(host));
    });
  });
  return {
    all: living,
    find: (id) => known.get(id),
    onChange: (listener) => void listeners.push(listener),
  };
}
