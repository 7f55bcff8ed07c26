import { isDeepStrictEqual } from 'node:util';
import type { Intent } from '../../../src/engine/model/run/messages.ts';
import type { RunEvent } from '../../../src/engine/model/run/run-event.ts';
import type { RunState } from '../../../src/engine/model/run/run-state.ts';
import { replay } from '../../../src/engine/scheduler/state/replay.ts';
import { checkCounts, checkNoSlotIsIdle } from '../../unit/engine/scheduler/rules/state-rules.ts';
import { noon } from '../fake-run.ts';
import { buildScenario } from '../scenario-sketch.ts';
import type { Scenario } from '../simulate-run.ts';
import { createAnswers } from './answers.ts';
import { carryOut, type Undertaking } from './carry-out.ts';
import { createTransitionNotes } from './coverage.ts';
import { bear, type Incarnation } from './incarnation.ts';
import { createJournalFile } from './memory-journal.ts';
import { createProcesses } from './processes.ts';
import type { Crash, Trial } from './trial.ts';
import { accountEvent } from './witness/account-event.ts';
import { createLedger, must } from './witness/ledger.ts';
import { createWitness } from './witness/witness.ts';
import { createWorld } from './world.ts';

export type TrialResult = {
  /** The invariant that does not hold, and what shows it; undefined when all hold. */
  readonly broken: { readonly rule: string; readonly about: unknown } | undefined;
  readonly journal: string;
  /** What happened in it: faults, and transitions of tasks. */
  readonly noted: ReadonlySet<string>;
};

/** With the options of a run whose tasks run on other hosts, when there are any. */
function placedScenario(scenario: Scenario, { hosts, order }: Trial['faults']): Scenario {
  if (hosts === undefined) return scenario;
  const auto = order % 2 === 0 ? ({ auto: true, maxParallel: 1_000 } as const) : {};
  return { ...scenario, options: { ...scenario.options, elsewhere: true, ...auto } };
}

/** No trial has a tenth of it; one that has more goes round in circles. */
const maxSteps = 20_000;
/** In true time since the last fault or wish: longer than all attempts of all tasks take one after the other. */
const calmMs = 120_000;

/** Plays one trial to its end, with the real scheduler and the real runtime in a world of its own. */
export async function runTrial({ scenario: sketch, faults }: Trial): Promise<TrialResult> {
  const scenario = placedScenario(buildScenario(sketch), faults);
  const { options } = scenario;
  const world = createWorld(faults.order);
  const ledger = createLedger(scenario.plan, options.runChecks);
  const durable = new WeakSet<RunEvent>();
  const noteTransition = createTransitionNotes(world.note);
  const file = createJournalFile((events) => {
    for (const event of events) {
      durable.add(event);
      accountEvent(ledger, event);
      noteTransition(event);
    }
  });
  const witness = createWitness(ledger, () => processes.living());
  const processes = createProcesses(world, scenario, faults, witness);
  const answers = createAnswers(world, scenario, faults, processes, witness);
  const edited = new Set<number>();
  let resumes = faults.resumes;
  let calmSince: number = noon;
  let current: Incarnation | undefined;
  let undertaking: Undertaking | undefined;
  let isOver = false;

  const boot = async (number: number, jumpMs: number) => {
    const own = bear(world, number, jumpMs, scenario.lateness);
    [current, undertaking] = [own, undefined];
    Object.assign(ledger, { incarnation: own, lastAt: Number.NEGATIVE_INFINITY });
    const crash = faults.crashes[number];
    if (crash !== undefined) world.plan(world.now() + crash.afterMs, () => die(own, crash));
    const journal = file.open({
      sync: (done) => world.plan(world.now() + world.next(faults.syncMs), () => own.deliver(done)),
      failing: faults.failingCommits[number] ?? 0,
    });
    const events = file.read();
    // Nothing was begun: the next process begins, with the pipeline as it is then.
    if (events.length === 0)
      ledger.plan = ledger.plans.splice(0, Number.POSITIVE_INFINITY, ledger.plans.at(-1)!).at(-1)!;
    const begun = await carryOut({
      plans: ledger.plans,
      options,
      events,
      ports: { ...answers.portsOf(own), clock: own.clock, executor: processes.executorOf(own), journal },
      onBroken: () => {
        ledger.lost.add(own);
        world.note('failed commit');
      },
      onState: witness.boots,
    });
    calmSince = world.now();
    isOver = begun === undefined;
    undertaking = begun;
    begun?.loop.subscribe((event) => {
      witness.told(event, durable.has(event), own);
      if (event.type === 'run.finished') {
        must(ledger, world.now() - calmSince < calmMs, 'I7 a run ends in time', world.now() - calmSince);
      }
    });
  };

  const bootAt = (at: number, number: number, jumpMs: number) =>
    world.plan(at, () => {
      boot(number, jumpMs).catch((error) => must(ledger, false, 'nothing throws', String(error?.stack)));
    });

  const die = (own: Incarnation, crash: Crash) => {
    if (own !== current || own.isDead() || isOver) return;
    noteCrash(world.note, crash, undertaking === undefined, file.atRisk() > 0);
    own.die();
    file.crash(crash.keeps, crash.torn);
    if (crash.guarded) processes.guard(own);
    edit(crash.edits);
    bootAt(world.now() + crash.bootMs, own.number + 1, own.jumpMs + crash.jumpMs);
  };

  /** The pipeline file is another one when the run is resumed. */
  const edit = (places: readonly number[]) => {
    const before = edited.size;
    for (const place of places) if (place < sketch.tasks.length) edited.add(place);
    if (edited.size === before) return;
    world.note('edited');
    ledger.plans.push(buildScenario(sketch, [...edited]).plan);
  };

  const wish = (intent: Intent) =>
    current?.deliver(() => {
      if (undertaking === undefined) return;
      const { loop } = undertaking;
      const before = loop.state();
      const refusal = loop.dispatch(intent);
      world.note(`${intent.type} ${refusal === undefined ? 'granted' : 'refused'}`);
      witness.wishes(intent, before, refusal, loop.state());
      calmSince = world.now();
    });

  /** Nothing is left to happen: whoever waits for something waits for ever. Returns whether it goes on all the same. */
  const endOrGoOn = (): boolean => {
    if (isOver || current === undefined || ledger.broken !== undefined) return false;
    const state = undertaking?.loop.state();
    if (state?.phase.kind !== 'finished') {
      if (state?.paused !== true) {
        must(ledger, false, 'I7 every run ends', state?.phase);
        return false;
      }
      world.plan(world.now(), () => wish({ type: 'resume' }));
      return true;
    }
    const isLost = ledger.lost.has(current);
    if (!isLost) judgeFold(state);
    if ((state.phase.status === 'success' && !isLost) || resumes === 0) return false;
    resumes -= 1;
    world.note('resumed after its end');
    undertaking!.performer.stop();
    current.die();
    bootAt(world.now() + 10, current.number + 1, current.jumpMs);
    return true;
  };

  const judgeFold = (state: RunState) => {
    const folded = replay(ledger.plans[0]!, options, file.read(), undefined, ledger.plans);
    must(
      ledger,
      isDeepStrictEqual(folded, { ...state, plans: folded.plans }),
      'I8 the journal gives the state',
      'the end',
    );
  };

  let judged: RunState | undefined;
  const judgeState = () => {
    const state = undertaking?.loop.state();
    if (state === undefined || state === judged) return;
    judged = state;
    checkCounts(state);
    checkNoSlotIsIdle(state);
  };

  const onRejection = (error: unknown) =>
    must(ledger, false, 'nothing throws', String((error as Error)?.stack ?? error));
  process.on('unhandledRejection', onRejection);
  try {
    bootAt(noon, 0, 0);
    for (const { afterMs, intent } of scenario.intents) world.plan(noon + afterMs, () => wish(intent));
    for (const { afterMs, sample } of scenario.samples) {
      world.plan(noon + afterMs, () =>
        current?.deliver(() => {
          undertaking?.loop.dispatch({ type: 'sampled', sample: { at: current!.clock.now(), ...sample } });
        }),
      );
    }
    for (const { afterMs, forMs } of faults.stops) world.plan(noon + afterMs, () => current?.standStill(forMs));
    for (let steps = 0; ledger.broken === undefined && ((await world.step()) || endOrGoOn()); steps += 1) {
      judgeState();
      must(ledger, steps < maxSteps, 'I7 every run ends', `more than ${maxSteps} steps`);
    }
  } catch (error) {
    must(ledger, false, 'nothing throws', String((error as Error)?.stack ?? error));
  } finally {
    process.off('unhandledRejection', onRejection);
  }
  return { broken: ledger.broken, journal: file.text(), noted: world.noted };
}

function noteCrash(note: (what: string) => void, crash: Crash, isBooting: boolean, isAtRisk: boolean): void {
  note('crash');
  if (isBooting) note('crash while it boots');
  if (!crash.guarded) note('crash without a guardian');
  if (isAtRisk && crash.keeps < 100) note('records lost');
  if (isAtRisk && crash.torn && crash.keeps < 100) note('torn record');
  if (crash.jumpMs !== 0) note('wall clock moved');
}
