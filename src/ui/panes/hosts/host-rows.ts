import { formatCountdown } from '../../../display/format/format-duration.ts';
import {
  displayText,
  type EpochMs,
  entryAt,
  formatSize,
  type Host,
  type HostState,
  type RunState,
  type TaskId,
} from '../../../engine/index.ts';

/** One host of a run, as text. What is not known is empty. */
export type HostRow = {
  /** Its id, where another host that is there has the same name. */
  readonly name: string;
  readonly standing: 'there' | 'late' | 'draining' | 'gone';
  /** Of its slots, those that hold tasks of this run. */
  readonly used: number;
  readonly slots: number;
  /** `1.2 of 8`, and whether that is more than the run may use. */
  readonly cores: string;
  readonly isBusy: boolean;
  /** `3.1 GB of 16 GB`, and likewise. */
  readonly memory: string;
  readonly isFull: boolean;
  readonly labels: string;
  /** How long its lease lasts if it is not heard of, or why it has none. */
  readonly lease: string;
  /** The tasks of this run that run there, those that started first before the others. */
  readonly tasks: readonly TaskId[];
};

/**
 * The hosts of a run: those that take tasks, then those that drain, then those that are gone.
 * @param live as they are at this moment, where the run is a live one
 */
export function hostRows(state: RunState, now: EpochMs, live: readonly Host[] = []): readonly HostRow[] {
  const tasks = tasksByHost(state);
  const liveById = new Map(live.map((host) => [host.id, host]));
  const known = state.hosts ?? [];
  const knownIds = new Set(known.map(({ id }) => id));
  const unknown = live.filter(({ id }) => !knownIds.has(id)).map((host) => ({ ...host, labels: [...host.labels] }));
  const hosts: readonly HostState[] = [...known, ...unknown];
  const there = hosts.filter(({ isGone }) => isGone !== true);
  const rows = hosts.map((host): HostRow => {
    const { name, id, slots, labels, load, isGone } = { ...host, ...loadOf(liveById.get(host.id)) };
    const isAmbiguous = there.some((other) => other.id !== id && other.name === name);
    const used = tasks.get(id) ?? [];
    const { cpu, memory } = state.plan.pipeline.limits;
    const lease = leaseOf(host, liveById.get(id), now);
    return {
      name: displayText(isAmbiguous && isGone !== true ? id : name),
      standing: lease.standing,
      used: used.length,
      slots,
      cores: load === undefined ? '' : `${Math.round(load.usedCores * 10) / 10} of ${load.cores}`,
      isBusy: load !== undefined && load.usedCores >= cpu * load.cores,
      memory:
        load === undefined
          ? ''
          : `${formatSize(load.memoryBytes - load.freeMemoryBytes)} of ${formatSize(load.memoryBytes)}`,
      isFull: load !== undefined && load.freeMemoryBytes <= (1 - memory) * load.memoryBytes,
      labels: displayText(labels.join(', ')),
      lease: lease.text,
      tasks: used,
    };
  });
  return standings.flatMap((those) => rows.filter(({ standing }) => those.includes(standing)));
}

const standings: readonly (readonly HostRow['standing'][])[] = [['there', 'late'], ['draining'], ['gone']];

/** The load that the run records is rounded, and older. */
function loadOf(live: Host | undefined): Pick<HostState, 'load'> {
  return live?.load === undefined ? {} : { load: live.load };
}

/** A host renews its lease every fifth of it; one that has not for three fifths is about to end what it runs. */
function leaseOf(
  { accepting, isGone }: HostState,
  live: Host | undefined,
  now: EpochMs,
): { readonly standing: HostRow['standing']; readonly text: string } {
  if (isGone) return { standing: 'gone', text: 'gone' };
  if (!(live?.accepting ?? accepting)) return { standing: 'draining', text: 'draining' };
  const { seenAt, leaseMs } = live ?? {};
  if (seenAt === undefined || leaseMs === undefined) return { standing: 'there', text: '' };
  const leftMs = Math.max(0, seenAt + leaseMs - now);
  return { standing: leftMs < leaseMs * 0.4 ? 'late' : 'there', text: `${formatCountdown(leftMs)} left` };
}

function tasksByHost({ reserved, tasks, plan }: RunState): ReadonlyMap<string, readonly TaskId[]> {
  const running = [...reserved.keys()].flatMap((index) => {
    const { state } = entryAt(tasks, index);
    return state.kind === 'running' && state.host !== undefined
      ? [{ host: state.host, id: plan.tasks[index]!.spec.id, startedAt: state.startedAt }]
      : [];
  });
  const byHost = new Map<string, TaskId[]>();
  for (const { host, id } of running.sort((one, other) => one.startedAt - other.startedAt)) {
    const together = byHost.get(host);
    if (together === undefined) byHost.set(host, [id]);
    else together.push(id);
  }
  return byHost;
}
