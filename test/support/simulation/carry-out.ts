import type { EpochMs } from '../../../src/engine/model/ids.ts';
import type { Plan, RunOptions } from '../../../src/engine/model/pipeline/plan.ts';
import type { RunEvent } from '../../../src/engine/model/run/run-event.ts';
import type { RunState } from '../../../src/engine/model/run/run-state.ts';
import type { Ports } from '../../../src/engine/ports.ts';
import { whatGoesOn } from '../../../src/engine/run/resume/what-goes-on.ts';
import { followHosts } from '../../../src/engine/runtime/follow-hosts.ts';
import { createEffectPerformer, type EffectPerformer } from '../../../src/engine/runtime/perform-effects.ts';
import { createRunLoop, type RunLoop } from '../../../src/engine/runtime/run-loop.ts';
import { planResume } from '../../../src/engine/scheduler/resume/plan-resume.ts';
import { initialState } from '../../../src/engine/scheduler/state/initial-state.ts';
import { replay } from '../../../src/engine/scheduler/state/replay.ts';

/** A run that a process has begun or continued. */
export type Undertaking = { readonly loop: RunLoop; readonly performer: EffectPerformer };

export type Beginning = {
  /** All plans that are stored with the run; the last one holds. */
  readonly plans: readonly Plan[];
  readonly options: RunOptions;
  readonly events: readonly RunEvent[];
  readonly ports: Ports;
  readonly onBroken: () => void;
  /** Called with what the journal gives, before the run goes on. */
  readonly onState: (state: RunState) => void;
};

/**
 * Begins a run, or continues it when its journal has events, with the real scheduler and the real runtime; undefined when
 * there is nothing to continue. As in the program, what the dead have left is ended before anything starts.
 */
export async function carryOut(beginning: Beginning): Promise<Undertaking | undefined> {
  const { plans, options, events, ports, onState } = beginning;
  const plan = plans.at(-1)!;
  if (events.length === 0) {
    const undertaking = undertake(beginning, initialState(plan, options));
    undertaking.loop.dispatch({ type: 'start' });
    followHosts(ports.executor, undertaking.loop);
    return undertaking;
  }
  const state = replay(plans[0]!, options, events, undefined, plans);
  const fact = planResume(state, {
    number: plans.length,
    plan,
    options: { ...state.options, maxParallel: state.maxParallel },
    stoppedAt: events.at(-1)!.at as EpochMs,
    runsElsewhere: ports.executor.runs === 'elsewhere',
  });
  await ports.executor.adopt(options.run, () => ignoringObserver, whatGoesOn(fact.decisions));
  onState(state);
  if (state.phase.kind === 'finished' && state.phase.status === 'success') return undefined;
  const undertaking = undertake(beginning, state);
  undertaking.loop.dispatch({ type: 'continue', fact });
  followHosts(ports.executor, undertaking.loop);
  return undertaking;
}

const ignoringObserver = {
  spawned: () => undefined,
  output: () => undefined,
  reported: () => undefined,
  exited: () => undefined,
};

function undertake({ options: { run }, ports, onBroken }: Beginning, initial: RunState): Undertaking {
  const performer = createEffectPerformer(ports, (task, attempt) => {
    const { plan } = loop.state();
    const { killGraceMs } = plan.tasks[plan.indexOf.get(task)!]!.spec;
    return { ref: { run, task, attempt }, command: { kind: 'argv', argv: [task] }, cwd: '/', env: {}, killGraceMs };
  });
  const { clock, journal } = ports;
  const loop = createRunLoop({ initial, clock, journal, perform: performer.perform, onBroken });
  return { loop, performer };
}
