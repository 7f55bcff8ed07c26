import { formatCount } from './format/format-count.ts';
import { nameList } from './format/name-list.ts';

const maxHosts = 5;

/** How much of a run goes on at once: `one task at a time`, `up to 8 at once`, `on 2 hosts (anna, bert)`. */
export function paceText(sequential: boolean, most: number, hosts: readonly string[] | undefined, what = ''): string {
  if (sequential) return 'one task at a time';
  if (hosts === undefined) return `up to ${most}${what} at once`;
  return hosts.length === 0 ? 'on no host' : `on ${formatCount(hosts.length, 'host')} (${nameList(hosts, maxHosts)})`;
}
