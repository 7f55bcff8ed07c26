import type { EpochMs } from '../../model/ids.ts';
import { nextIndex } from '../../model/run/index-set.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { unblocksDownstream } from '../../model/run/task-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { formatCountdown } from '../../model/text/format-duration.ts';
import { findResourceBlock, findRunBlock } from './admission-rules.ts';
import { closedGates } from './gates.ts';

/** Why a task does not run yet: "waits for nflverse_pbp", "pool odds_api is full"; undefined when it runs or has an outcome. */
export function explainWait(state: RunState, index: number, now: EpochMs): string | undefined {
  const task = entryAt(state.tasks, index).state;
  switch (task.kind) {
    case 'waiting':
      return explainWaiting(state, index);
    case 'backing-off':
      return `retry in ${formatCountdown(task.retryAt - now)}`;
    case 'ready':
      return explainReady(state, index);
    default:
      return undefined;
  }
}

function explainWaiting(state: RunState, index: number): string | undefined {
  const { tasks, checks } = state.plan;
  const unmet = tasks[index]!.upstream.filter((one) => !unblocksDownstream(entryAt(state.tasks, one).state));
  const [first] = unmet;
  if (first !== undefined) {
    const more = unmet.length === 1 ? '' : ` +${unmet.length - 1}`;
    return `waits for ${tasks[first]!.spec.id}${more}`;
  }
  const [gate] = closedGates(state, index);
  return gate === undefined ? undefined : `waits for check ${checks[gate]!.spec.name}`;
}

function explainReady(state: RunState, index: number): string | undefined {
  switch (findRunBlock(state)) {
    case 'paused':
      return 'run is paused';
    case 'slots':
      return state.maxParallel === 1 ? 'the only slot is busy' : `all ${state.maxParallel} slots are busy`;
    case 'turn':
      return 'one task at a time, and it is not its turn yet';
    case 'phase':
      return undefined;
    case undefined:
      return explainResourceBlock(state, index);
  }
}

function explainResourceBlock(state: RunState, index: number): string | undefined {
  const { spec } = state.plan.tasks[index]!;
  const block = findResourceBlock(state, spec, false);
  if (block?.kind === 'pool') return `pool ${block.pool} is full`;
  const { connectionBudget: budget } = state.options;
  if (budget === undefined || spec.connections === 0) return undefined;
  const first = holderOfReservation(state, index);
  if (first !== undefined) return `the next connections are for ${first}`;
  if (block === undefined) return undefined;
  const free = Math.max(0, budget - state.connectionUse);
  return `needs ${spec.connections} ${spec.connections === 1 ? 'connection' : 'connections'}, ${free} of ${budget} free`;
}

/** The task before this one in the queue for which the next free connections are reserved. */
function holderOfReservation(state: RunState, index: number): string | undefined {
  for (let place = nextIndex(state.ready, 0); place !== undefined; place = nextIndex(state.ready, place + 1)) {
    if (place >= state.queuePlace[index]!) return undefined;
    const { spec } = state.plan.tasks[state.queueOrder[place]!]!;
    if (findResourceBlock(state, spec, false)?.kind === 'connections') return spec.id;
  }
  return undefined;
}
