import { execFileSync } from 'node:child_process';

/**
 * A bridge of this machine with network namespaces on it, each as another host: what is started in one reaches `address`, and
 * nothing else, until its cable is cut. Root only.
 */
export function openNetwork(hosts) {
  const number = process.pid % 10_000;
  const subnet = `10.213.${1 + (process.pid % 250)}`;
  const bridge = `etlbr${number}`;
  const address = `${subnet}.1`;
  const cable = (host) => `etl${number}${host}`;
  const space = (host) => `etl-${number}-${host}`;
  ip('link', 'add', bridge, 'type', 'bridge');
  ip('addr', 'add', `${address}/24`, 'dev', bridge);
  ip('link', 'set', bridge, 'up');
  for (const [index, host] of hosts.entries()) {
    ip('netns', 'add', space(host));
    ip('link', 'add', cable(host), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space(host));
    ip('link', 'set', cable(host), 'master', bridge, 'up');
    ip('-n', space(host), 'addr', 'add', `${subnet}.${index + 2}/24`, 'dev', 'eth0');
    for (const device of ['lo', 'eth0']) ip('-n', space(host), 'link', 'set', device, 'up');
  }
  return {
    address,
    network: `${subnet}.0/24`,
    /** What stands before a command that is to run on the host. */
    on: (host) => ['ip', 'netns', 'exec', space(host)],
    cut: (host) => ip('link', 'set', cable(host), 'down'),
    mend: (host) => ip('link', 'set', cable(host), 'up'),
    close: () => {
      for (const host of hosts) ip('netns', 'del', space(host));
      ip('link', 'del', bridge);
    },
  };
}

function ip(...args) {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}
