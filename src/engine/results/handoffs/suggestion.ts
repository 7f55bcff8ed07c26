import type { RunState } from '../../model/run/run-state.ts';
import { formatDuration } from '../../model/text/format-duration.ts';
import { formatSize } from '../../model/text/format-size.ts';
import { unreachable } from '../../model/unreachable.ts';
import { describeOverload } from '../causes/describe-outcome.ts';
import type { PerformanceRecord } from '../files/performance-record.ts';
import type { Bottleneck, LimitedWait, Supply } from './bottleneck.ts';

/** What made the run slow, as a clause: `tasks waited 2m10s together for database connections, usually 4.0s`. */
export function describeBottleneck(
  { kind, name, seconds, usual_seconds: usual }: Bottleneck,
  record: PerformanceRecord,
): string {
  const before = usual === null ? '' : `, usually ${duration(usual)}`;
  switch (kind) {
    case 'task':
      return `${name} took ${duration(seconds)}${before}`;
    case 'overload':
      return `parallel tasks failed: ${describeOverload(name as Parameters<typeof describeOverload>[0])}`;
    default: {
      const waiting = record.results.filter(({ waiting_seconds: waits }) => (waits?.[kind] ?? 0) > 0).length;
      const tasks = waiting === 1 ? '1 task' : `${waiting} tasks`;
      return `${tasks} waited ${duration(seconds)} together for ${waitedFor[kind]}${kind === 'pool' && name !== null ? ` ${name}` : ''}${before}`;
    }
  }
}

const waitedFor: { readonly [kind in LimitedWait]: string } = {
  slot: 'a free slot (limit of parallel tasks)',
  cpu: 'a free processor',
  memory: 'free memory',
  connections: 'database connections',
  pool: 'a slot in the pool',
  disk: 'free space on a disk',
  host: 'a host with their labels',
  backoff: 'their next attempt',
  alone: 'tasks that ran alone after failing beside others',
};

/**
 * What would make the next run faster, with numbers.
 * @param slower how many tasks took much longer than usual
 */
export function suggest(
  state: RunState,
  record: PerformanceRecord,
  bottleneck: Bottleneck | undefined,
  supply: Supply | undefined,
  slower: number,
): string {
  if (bottleneck === undefined) return 'compare the run with an earlier one: etl-tui show, etl-tui history';
  const { kind, name } = bottleneck;
  const fromTo = supply === undefined ? '' : ` from ${amount(supply, supply.size)} to ${amount(supply, supply.need)}`;
  switch (kind) {
    case 'slot':
      return `raise limits.max_parallel${fromTo}, or run with -j ${supply?.need ?? 'auto'}`;
    case 'pool':
      return `raise the pool ${name}${fromTo}, if its resource allows that; otherwise let its tasks do less`;
    case 'connections':
      return `raise the connection limit${fromTo}: limits.db_connections, or max_connections of the database; or run fewer tasks at once: -j ${fewer(record)}`;
    case 'cpu':
      return `use a machine with more cores${fromTo}, or run fewer other programs`;
    case 'memory':
      return `add memory${fromTo}, or reduce the memory of the largest tasks: ${largest(record)}`;
    case 'disk':
      return `free disk space, at least ${formatSize(state.plan.pipeline.limits.diskFreeBytes)} on each disk (limits.disk_free)`;
    case 'host':
      return 'start workers with the labels that the tasks ask for: etl-tui worker --labels';
    case 'backoff':
      return `check the logs of the tasks with several attempts: ${retried(record)}`;
    case 'alone':
      return `add dependencies between the tasks that fail in parallel, or put them in a pool of size 1: ${retried(record)}`;
    case 'task':
      if (slower >= manyTasks) {
        return `${slower} tasks took longer, so check what they share: sources, network, database, disk; ${name} is the slowest`;
      }
      return `check ${name} first: its log, its input, and the statistics of its tables (ANALYZE)`;
    case 'overload':
      return suggestForOverload(name, fromTo, record);
    default:
      return unreachable(kind);
  }
}

function suggestForOverload(kind: string | null, fromTo: string, record: PerformanceRecord): string {
  switch (kind) {
    case 'connections':
      return `raise max_connections of the database or its pooler${fromTo}, declare what tasks need (connections), or run fewer tasks at once: -j ${fewer(record)}`;
    case 'memory':
      return `declare the memory of the largest tasks (${largest(record)}), add memory, or run fewer tasks at once: -j ${fewer(record)}`;
    default:
      return `add dependencies between the tasks that lock the same tables, or put them in a pool of size 1: ${retried(record)}`;
  }
}

const manyTasks = 3;

function fewer({ peak_running: peak }: PerformanceRecord): number {
  return Math.max(1, Math.floor(peak / 2));
}

const maxNames = 3;

function largest({ results }: PerformanceRecord): string {
  const sized = results.flatMap(({ task, peak_memory_bytes: bytes }) => (bytes === undefined ? [] : [{ task, bytes }]));
  const most = sized.sort((a, b) => b.bytes - a.bytes).slice(0, maxNames);
  return most.length === 0 ? 'not measured' : most.map(({ task, bytes }) => `${task} ${formatSize(bytes)}`).join(', ');
}

function retried({ results }: PerformanceRecord): string {
  const names = results.filter(({ attempts }) => attempts > 1).map(({ task, attempts }) => `${task} (${attempts})`);
  const more = names.length - maxNames;
  return names.length === 0 ? 'none' : names.slice(0, maxNames).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function amount({ unit }: Supply, value: number): string {
  return unit === 'bytes' ? formatSize(value) : String(value);
}

function duration(seconds: number): string {
  return formatDuration(seconds * 1000);
}
