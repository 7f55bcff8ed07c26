import type { SeenHost } from '../model/run/host-state.ts';
import type { Executor, Host } from '../ports.ts';
import type { RunLoop } from './run-loop.ts';

/**
 * Passes the hosts of an executor that runs tasks elsewhere on to the run: at once, whenever they have changed, and when the run
 * is reopened, since nothing is recorded after its end. Returns the way to stop that.
 */
export function followHosts(executor: Pick<Executor, 'runs' | 'hosts' | 'onHostsChanged'>, loop: RunLoop): () => void {
  if (executor.runs === 'here') return () => undefined;
  const tell = () => void loop.dispatch({ type: 'hosts', hosts: executor.hosts().map(seenHost) });
  const stops = [
    executor.onHostsChanged(tell),
    loop.subscribe(({ type }) => {
      if (type === 'run.reopened') tell();
    }),
  ];
  tell();
  return () => {
    for (const stop of stops) stop();
  };
}

function seenHost({ id, name, labels, slots, accepting, load }: Host): SeenHost {
  const seen = { id, name, labels: [...labels].sort(), slots, accepting };
  return load === undefined ? seen : { ...seen, load };
}
