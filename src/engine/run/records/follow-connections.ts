import type { Database } from '../../database/database.ts';
import type { RunId, TaskId } from '../../model/ids.ts';
import type { ResourceSample } from '../../model/run/resource-sample.ts';

type Connections = ResourceSample['connections'];

/** Counts connections in the background: a sample has the count of a moment before, and does not wait for the database. */
export function followConnections(
  database: Database | undefined,
  run: RunId,
): { readonly ask: () => void; readonly latest: () => Connections } {
  let latest: Connections;
  let isAsking = false;
  return {
    ask: () => {
      if (database === undefined) return;
      if (isAsking) latest = undefined;
      else void count(database);
    },
    latest: () => latest,
  };

  async function count(of: Database): Promise<void> {
    isAsking = true;
    const counted = await of.connections(run).catch(() => undefined);
    latest = counted && {
      used: counted.total,
      limit: counted.limit,
      ours: counted.ofRun,
      byTask: counted.byTask as ReadonlyMap<TaskId, number>,
    };
    isAsking = false;
  }
}
