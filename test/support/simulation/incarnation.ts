import type { EpochMs } from '../../../src/engine/model/ids.ts';
import type { Clock } from '../../../src/engine/ports.ts';
import type { World } from './world.ts';

/** One process of etl-tui that carries out the run, until it ends or dies. */
export type Incarnation = {
  /** From 0. */
  readonly number: number;
  readonly bornAt: EpochMs;
  /** By how much its wall clock differs from true time. */
  readonly jumpMs: number;
  readonly clock: Clock;
  isDead(): boolean;
  die(): void;
  /** Lets it do something: at once, when it stands still as soon as it goes on (timers first), when it is dead never. */
  deliver(act: () => void, kind?: 'timer'): void;
  standStill(forMs: number): void;
  /** How long it has stood still so far. */
  stoodStillMs(): number;
};

/** @param lateness by how much its timers are late, in turn */
export function bear(world: World, number: number, jumpMs: number, lateness: readonly number[]): Incarnation {
  let isDead = false;
  let stillUntil = 0;
  let stillSince = 0;
  let stoodBefore = 0;
  let inbox: { readonly act: () => void; readonly isTimer: boolean }[] = [];

  const isStill = () => world.now() < stillUntil;
  const stoodStillMs = () => stoodBefore + (isStill() ? world.now() - stillSince : 0);

  const goOn = () => {
    if (isStill()) return;
    stoodBefore += world.now() - stillSince;
    const waiting = inbox;
    inbox = [];
    if (waiting.some(({ isTimer }) => isTimer) && waiting.some(({ isTimer }) => !isTimer)) {
      world.note('timer ahead of what came before it');
    }
    for (const { act, isTimer } of waiting) world.plan(world.now(), () => deliver(act), isTimer ? -2 : -1);
  };

  const deliver: Incarnation['deliver'] = (act, kind) => {
    if (isDead) return;
    if (isStill()) inbox.push({ act, isTimer: kind === 'timer' });
    else act();
  };

  const setTimer: Clock['setTimer'] = (at, fire, counted) => {
    let isCancelled = false;
    const stoodAtFirst = stoodStillMs();
    const late = world.next(lateness);
    if (late > 0) world.note('late timer');
    const due = () => at - jumpMs + late + (counted === 'awake' ? stoodStillMs() - stoodAtFirst : 0);
    const wait = () =>
      world.plan(due(), () =>
        deliver(() => {
          if (isCancelled) return;
          if (world.now() < due()) wait();
          else fire();
        }, 'timer'),
      );
    wait();
    return {
      cancel: () => {
        isCancelled = true;
      },
    };
  };

  return {
    number,
    bornAt: world.now(),
    jumpMs,
    clock: { now: () => (world.now() + jumpMs) as EpochMs, setTimer },
    isDead: () => isDead,
    die: () => {
      isDead = true;
    },
    deliver,
    standStill: (forMs) => {
      if (isDead || isStill()) return;
      world.note('stop');
      stillSince = world.now();
      stillUntil = stillSince + forMs;
      world.plan(stillUntil, goOn, -3);
    },
    stoodStillMs,
  };
}
