import type { Database } from '../../database/database.ts';
import type { RunId, TaskId } from '../../model/ids.ts';
import type { ResourceSample } from '../../model/run/resource-sample.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import type { Clock, ResourceProbe } from '../../ports.ts';
import { type ResourcePeaks, raisePeaks } from '../../results/resource-peaks.ts';

/** Ten minutes. */
const maxSamples = 600;
const everyMs = 1_000;
/** A run that ends before this takes no sample and loads no probe. */
const openAfterMs = 500;

export type ResourceWatch = {
  /** To be called with every event of the run. */
  readonly onEvent: (event: RunEvent) => void;
  /** Oldest first. */
  readonly samples: () => readonly ResourceSample[];
  readonly peaks: () => ResourcePeaks | undefined;
  readonly stop: () => void;
};

/** Samples the machine, the running tasks and the database once a second, as long as the run is under way. */
export function watchResources(on: {
  readonly run: RunId;
  readonly clock: Clock;
  readonly database: Database | undefined;
  readonly openProbe: () => Promise<ResourceProbe>;
  readonly onSample: (sample: ResourceSample) => void;
}): ResourceWatch {
  const leaders = new Map<TaskId, number>();
  const connections = followConnections(on.database, on.run);
  let samples: readonly ResourceSample[] = [];
  let peaks: ResourcePeaks | undefined;
  let probe: ResourceProbe | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isOn = false;

  const after = (ms: number, action: () => Promise<void>) => {
    if (isOn) timer = setTimeout(() => void action(), ms).unref();
  };
  const open = async () => {
    probe = await on.openProbe();
    connections.ask();
    after(everyMs - openAfterMs, measure);
  };
  const measure = async () => {
    const seen = await probe?.sample(leaders);
    const used = connections.latest();
    connections.ask();
    if (seen !== undefined && isOn) {
      const sample = { at: on.clock.now(), ...seen, ...(used === undefined ? {} : { connections: used }) };
      samples = [...samples.slice(1 - maxSamples), sample];
      peaks = raisePeaks(peaks, sample);
      on.onSample(sample);
    }
    after(everyMs, measure);
  };
  const start = () => {
    if (isOn) return;
    isOn = true;
    after(probe === undefined ? openAfterMs : everyMs, probe === undefined ? open : measure);
  };
  const stop = () => {
    isOn = false;
    clearTimeout(timer);
  };

  return {
    onEvent: (event) => {
      switch (event.type) {
        case 'run.started':
        case 'run.reopened':
          return start();
        case 'run.finished':
          return stop();
        case 'task.spawned':
          return void leaders.set(event.task, event.pid);
        case 'task.finished':
        case 'task.backing-off':
          return void leaders.delete(event.task);
      }
    },
    samples: () => samples,
    peaks: () => peaks,
    stop,
  };
}

/** Counts connections in the background: a sample has the count of a moment before, and does not wait for the database. */
function followConnections(database: Database | undefined, run: RunId) {
  let latest: ResourceSample['connections'];
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
    latest = counted === undefined ? undefined : { used: counted.total, limit: of.connectionLimit };
    isAsking = false;
  }
}
