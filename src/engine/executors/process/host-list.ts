import type { Executor, Host } from '../../ports.ts';

/** The hosts of an executor, and who wants to know when they change. */
export type HostList = Pick<Executor, 'hosts' | 'onHostsChanged'> & {
  /** @param tells whether there is anything to tell */
  replace(hosts: readonly Host[], tells?: boolean): void;
};

export function createHostList(first: readonly Host[]): HostList {
  const listeners = new Set<() => void>();
  let hosts = first;
  return {
    hosts: () => hosts,
    onHostsChanged: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    replace: (next, tells = true) => {
      hosts = next;
      if (tells) for (const listener of listeners) listener();
    },
  };
}
