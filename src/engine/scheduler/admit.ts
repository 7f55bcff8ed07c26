import { difference, nextIndex } from '../model/index-set.ts';
import { type Draft, entryIn, record } from './draft.ts';
import { findHold, findObstacle } from './obstacles.ts';

/**
 * Starts what is ready, in the order of the queue, as long as there is room. A task that a pool keeps back lets others
 * pass. One that lacks connections lets only those pass that need none: otherwise small tasks could go on taking what
 * it needs, and a large one would have to wait until the end.
 */
export function admit(draft: Draft): void {
  // What has just started may hold the pool of the task that connections were kept for; then they are free for others.
  while (admitOnce(draft));
}

/** Returns whether another look is worth while. */
function admitOnce(draft: Draft): boolean {
  const { lanes, queueOrder, plan } = draft.state;
  let candidates = draft.state.ready;
  let reserved = false;
  let passed = false;
  let place = nextIndex(candidates, 0);
  while (place !== undefined && findHold(draft.state) === undefined) {
    const task = plan.tasks[queueOrder[place]!]!;
    const obstacle = findObstacle(draft.state, task.spec, reserved);
    if (obstacle === undefined) start(draft, task.index);
    else candidates = difference(candidates, lanes.members[lanes.ofPlace[place]!]!);
    passed ||= reserved && obstacle === undefined;
    reserved ||= obstacle?.kind === 'connections';
    place = nextIndex(candidates, place + 1);
  }
  return passed;
}

function start(draft: Draft, index: number): void {
  const { spec } = draft.state.plan.tasks[index]!;
  const { state } = entryIn(draft, index);
  if (state.kind !== 'ready') throw new Error(`${spec.id} is in the queue, but not ready`);
  const { attempt, fallback } = state;
  record(draft, { type: 'task.started', task: spec.id, attempt, ...(fallback ? { fallback } : {}) });
  draft.effects.push({ type: 'start-task', task: spec.id, attempt, fallback });
  const timer = { kind: 'timeout', task: spec.id, attempt } as const;
  draft.effects.push({ type: 'set-timer', timer, at: (draft.at + spec.timeoutMs) as typeof draft.at });
}
