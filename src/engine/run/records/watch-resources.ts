import type { Database } from '../../database/database.ts';
import type { RunId, TaskId } from '../../model/ids.ts';
import type { ResourceSample } from '../../model/run/resource-sample.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import type { Clock, ResourceProbe } from '../../ports.ts';
import { createAttemptMeter } from '../../results/attempt-meter.ts';
import { type ResourcePeaks, raisePeaks } from '../../results/resource-peaks.ts';
import { followConnections } from './follow-connections.ts';

/** Ten minutes. */
const maxSamples = 600;
const everyMs = 1_000;
/** Much changes at the beginning, and after the start of a task: the next tasks start by what is seen then. */
const oftenEveryMs = 500;
const oftenAtFirstMs = 5_000;
const oftenAfterStartMs = 2_000;
/** A run that ends before this takes no sample and loads no probe. */
const openAfterMs = 200;
const firstAfterMs = 150;

export type ResourceWatch = {
  /** To be called with every event of the run. */
  readonly onEvent: (event: RunEvent) => void;
  /** Oldest first. */
  readonly samples: () => readonly ResourceSample[];
  readonly peaks: () => ResourcePeaks | undefined;
  readonly stop: () => void;
};

/** Samples the machine, the running tasks and the database about once a second, as long as the run is under way. */
export function watchResources(on: {
  readonly run: RunId;
  readonly clock: Clock;
  readonly database: Database | undefined;
  /** Whether the processes of tasks are to be found on this machine. */
  readonly tasksRunHere: boolean;
  readonly openProbe: (leaders: ReadonlyMap<TaskId, number>) => Promise<ResourceProbe>;
  readonly onSample: (sample: ResourceSample) => void;
}): ResourceWatch {
  const leaders = new Map<TaskId, number>();
  const connections = followConnections(on.database, on.run);
  const attempts = createAttemptMeter();
  let samples: readonly ResourceSample[] = [];
  let peaks: ResourcePeaks | undefined;
  let probe: ResourceProbe | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isOn = false;
  let oftenUntil = 0;

  const oftenFor = (ms: number) => {
    oftenUntil = Math.max(oftenUntil, performance.now() + ms);
  };
  const after = (ms: number, action: () => Promise<void>) => {
    if (isOn) timer = setTimeout(() => void action(), ms).unref();
  };
  const open = async () => {
    probe = await on.openProbe(leaders);
    connections.ask();
    after(firstAfterMs, measure);
  };
  const measure = async () => {
    const seen = await probe?.sample(leaders);
    const used = connections.latest();
    connections.ask();
    if (seen !== undefined && isOn) {
      const { ours, ...rest } = seen;
      const at = on.clock.now();
      const sample: ResourceSample = {
        at,
        ...rest,
        ...(ours === undefined ? {} : { ours: { ...ours, taskSeconds: attempts.busyMs(at) / 1000 } }),
        ...(used === undefined ? {} : { connections: used }),
      };
      samples = [...samples.slice(1 - maxSamples), sample];
      peaks = raisePeaks(peaks, sample, (task) => attempts.ranMs(task, at) / 1000);
      on.onSample(sample);
    }
    after(performance.now() < oftenUntil ? oftenEveryMs : everyMs, measure);
  };
  const start = () => {
    if (isOn) return;
    isOn = true;
    oftenFor(oftenAtFirstMs);
    after(probe === undefined ? openAfterMs : oftenEveryMs, probe === undefined ? open : measure);
  };
  const stop = () => {
    isOn = false;
    clearTimeout(timer);
  };

  return {
    onEvent: (event) => {
      attempts.onEvent(event);
      switch (event.type) {
        case 'run.started':
        case 'run.continued':
        case 'run.reopened':
          return start();
        case 'run.finished':
          return stop();
        case 'task.spawned':
          oftenFor(oftenAfterStartMs);
          if (on.tasksRunHere) leaders.set(event.task, event.pid);
          return;
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
