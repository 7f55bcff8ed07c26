import type { HostId } from '../model/ids.ts';
import { anyHost, type Executor } from '../ports.ts';

/**
 * The first host that takes new attempts; an executor that is closing has none, and ends the attempt itself. Elsewhere,
 * hosts may come later.
 */
export function chooseHost(executor: Pick<Executor, 'hosts' | 'runs'>): HostId {
  const hosts = executor.hosts();
  const host = hosts.find(({ accepting }) => accepting) ?? hosts[0];
  if (host === undefined && executor.runs === 'elsewhere') return anyHost;
  if (host === undefined) throw new Error('an executor without hosts');
  return host.id;
}
