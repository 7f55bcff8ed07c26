import { difference, nextIndex } from '../../model/index-set.ts';
import { entryIn, record, type Transition } from '../transition.ts';
import { findResourceBlock, findRunBlock } from './admission-rules.ts';

/**
 * Starts what is ready, in the order of the queue, as long as there is room. A task that a pool keeps back lets others
 * pass. One that lacks connections lets only those pass that need none: otherwise small tasks could go on taking what
 * it needs, and a large one would have to wait until the end.
 */
export function admit(transition: Transition): void {
  // What has just started may hold the pool of the task that connections were kept for; then they are free for others.
  while (admitOnce(transition));
}

/** Returns whether another look is worth while. */
function admitOnce(transition: Transition): boolean {
  const { demandClasses: lanes, queueOrder, plan } = transition.state;
  let candidates = transition.state.ready;
  let reserved = false;
  let passed = false;
  let place = nextIndex(candidates, 0);
  while (place !== undefined && findRunBlock(transition.state) === undefined) {
    const task = plan.tasks[queueOrder[place]!]!;
    const obstacle = findResourceBlock(transition.state, task.spec, reserved);
    if (obstacle === undefined) start(transition, task.index);
    else candidates = difference(candidates, lanes.members[lanes.ofPlace[place]!]!);
    passed ||= reserved && obstacle === undefined;
    reserved ||= obstacle?.kind === 'connections';
    place = nextIndex(candidates, place + 1);
  }
  return passed;
}

function start(transition: Transition, index: number): void {
  const { spec } = transition.state.plan.tasks[index]!;
  const { state } = entryIn(transition, index);
  if (state.kind !== 'ready') throw new Error(`${spec.id} is in the queue, but not ready`);
  const { attempt, fallback } = state;
  record(transition, { type: 'task.started', task: spec.id, attempt, ...(fallback ? { fallback } : {}) });
  transition.effects.push({ type: 'start-task', task: spec.id, attempt, fallback });
  const timer = { kind: 'timeout', task: spec.id, attempt } as const;
  transition.effects.push({ type: 'set-timer', timer, at: (transition.at + spec.timeoutMs) as typeof transition.at });
}
