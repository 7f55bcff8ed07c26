import type { EpochMs } from '../../model/ids.ts';
import { isPlaceholder } from '../../model/pipeline/matrix.ts';
import type { CapacityCause } from '../../model/run/capacity.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { describeAwaited } from '../../model/text/describe-awaited.ts';
import { formatCountdown } from '../../model/text/format-duration.ts';
import { formatShare, formatSize } from '../../model/text/format-size.ts';
import { unreachable } from '../../model/unreachable.ts';
import { checkSessions } from '../capacity/check-sessions.ts';
import { connectionBudget, connectionNeed, needsOf, reservedTogether } from '../capacity/task-needs.ts';
import { mayBeReused } from '../conditions/asks-first.ts';
import { maxRunning } from '../overload/step-limit.ts';
import { explainHosts } from '../placement/explain-hosts.ts';
import { findWait, type Wait } from './find-wait.ts';
import { connectionHolders, poolHolders } from './name-holders.ts';

/** Why a task does not run yet: "waits for nflverse_pbp", "pool odds_api is full: odds_history holds it"; undefined when it runs or has an outcome. */
export function explainWait(state: RunState, index: number, now: EpochMs): string | undefined {
  const wait = findWait(state, index);
  return wait === undefined ? undefined : explain(state, index, wait, now);
}

function explain(state: RunState, index: number, wait: Wait, now: EpochMs): string | undefined {
  switch (wait.kind) {
    case 'dependency':
      return `waits for ${wait.task}${wait.more === 0 ? '' : ` +${wait.more}`}`;
    case 'check':
      return `waits for check ${wait.check}`;
    case 'end':
      return 'runs at the end';
    case 'backoff': {
      const task = entryAt(state.tasks, index).state;
      return task.kind === 'backing-off' ? `retry in ${formatCountdown(task.retryAt - now)}` : undefined;
    }
    case 'awaited': {
      const { waitFor } = state.plan.tasks[index]!.spec;
      return waitFor === undefined ? undefined : `waits for ${describeAwaited(waitFor.for)}`;
    }
    case 'asking':
      return explainQuestion(state, index);
    case 'phase':
      return undefined;
    case 'paused':
      return 'run is paused';
    case 'slots':
      return explainSlots(state);
    case 'turn':
      return 'one task at a time; not its turn yet';
    case 'alone':
      return 'waits for a task that runs alone after failing beside others';
    case 'machine':
      return explainCause(wait.cause);
    case 'pool':
      return withHolders(`pool ${wait.pool} is full`, poolHolders(state, wait.pool));
    case 'reserved':
      return wait.of === 'connections'
        ? `the next free connections are for ${wait.task}`
        : `the next free memory is for ${wait.task}`;
    case 'connections': {
      const needed = connectionNeed(state, index);
      const budget = connectionBudget(state) ?? 0;
      const free = Math.max(0, budget - state.connectionUse - checkSessions(state));
      const lack = `needs ${needed} ${needed === 1 ? 'connection' : 'connections'}, ${free} of ${budget} free`;
      return withHolders(lack, connectionHolders(state));
    }
    case 'cpu':
      return explainCpu(state);
    case 'memory': {
      const free = Math.max(0, (state.capacity?.memoryBytes ?? 0) - reservedTogether(state).memoryBytes);
      return `needs ${formatSize(needsOf(state, index).memoryBytes)} of memory, ${formatSize(free)} free`;
    }
    case 'no-host':
    case 'hosts-busy':
    case 'host-cpu':
    case 'host-memory':
      return explainHosts(state, index, wait.kind);
    default:
      return unreachable(wait);
  }
}

/** What is read of the inputs of a task to find out whether it may be reused can take long. */
function explainQuestion(state: RunState, index: number): string {
  if (isPlaceholder(state.plan.tasks[index]!.spec.instance)) return 'reading its values';
  if (!mayBeReused(state, index)) return 'checking whether it is needed';
  const { report } = entryAt(state.tasks, index);
  return `checking for changes${report?.message === undefined ? '' : `: ${report.message}`}`;
}

function withHolders(lack: string, holders: string): string {
  return holders === '' ? lack : `${lack}: ${holders}`;
}

function explainSlots(state: RunState): string {
  const slots = maxRunning(state);
  if (slots < state.maxParallel)
    return `${slots === 1 ? 'one task' : `${slots} tasks`} at once since parallel tasks failed`;
  return slots === 1 ? 'the only slot is busy' : `all ${slots} slots are busy`;
}

function explainCpu({ capacity, reserved }: RunState): string {
  const { cause } = capacity ?? {};
  if (cause?.kind === 'cpu') return explainCause(cause);
  return `all cores are in use by ${reserved.size} ${reserved.size === 1 ? 'task' : 'tasks'}`;
}

/** Why fewer tasks may start: "memory 86 % > 85 %". */
export function explainCause(cause: CapacityCause): string {
  switch (cause.kind) {
    case 'memory':
      return `memory ${formatShare(cause.used)} > ${formatShare(cause.limit)}`;
    case 'cpu': {
      const others = cause.others >= 0.05 ? `, ${formatShare(cause.others)} by other programs` : '';
      return `CPU ${formatShare(cause.used)} > ${formatShare(cause.limit)}${others}`;
    }
    case 'disk':
      return `${formatSize(cause.freeBytes)} free on the disk of ${places[cause.role]}, less than ${formatSize(cause.floorBytes)}`;
    default:
      return unreachable(cause);
  }
}

const places = { project: 'the project', logs: 'the logs', database: 'the database' } as const;
