import type { EpochMs, HostId, TaskId } from '../../../src/engine/model/ids.ts';
import { ok } from '../../../src/engine/model/result.ts';
import type { Exit } from '../../../src/engine/model/run/task-state.ts';
import type { AttemptObserver, Executor, RunningAttempt } from '../../../src/engine/ports.ts';
import type { AttemptScript, Scenario } from '../simulate-run.ts';
import { createDistantExecutors, type DistantWitness } from './distant-executor.ts';
import type { Incarnation } from './incarnation.ts';
import type { Faults } from './trial.ts';
import type { World } from './world.ts';
import type { WorldHost } from './world-hosts.ts';

/** Who hears of a process: who started it, or the host on which it runs. */
export type ProcessOwner = Pick<Incarnation, 'deliver' | 'isDead' | 'stoodStillMs'>;

/** A process of a task, as it is in truth: nothing that the program believes of it is here. */
export type Process = {
  readonly task: TaskId;
  readonly attempt: number;
  readonly owner: ProcessOwner;
  /** Where it runs, when that is another machine. */
  readonly host?: WorldHost;
  readonly startedAt: EpochMs;
  readonly killGraceMs: number;
  readonly script: AttemptScript;
  isAlive: boolean;
  /** Whether its output has reached the orchestrator. */
  isHeard: boolean;
  /** Whether what it reports has reached it. */
  isReported: boolean;
  /** How long its owner had stood still when it was started. */
  readonly stoodBefore: number;
  /** How long it had run when it was asked to end, without the time in which its owner stood still. */
  ranFor?: number;
  /** Absent as long as it is alive. */
  end?: { readonly at: EpochMs; readonly exit: Exit };
};

/** Called with what happens to processes, in truth. */
export type ProcessWitness = {
  /** About to be started. */
  readonly starts: (process: Process) => void;
  readonly isStopped: (process: Process) => void;
  readonly ended: (process: Process) => void;
  readonly isStoppedEarly: DistantWitness['isStoppedEarly'];
  readonly isLost: DistantWitness['isLost'];
};

/** All processes of tasks, whoever started them. */
export type Processes = {
  living(): readonly Process[];
  /** The process that was started last for a task. */
  latestOf(task: TaskId): Process;
  /** Shares nothing with the executors of other incarnations but the processes. */
  executorOf(owner: Incarnation): Executor;
  /** Ends what the dead has left, as a guardian does. */
  guard(owner: Incarnation): void;
};

/** A worker of its own kind: what becomes of its host is told by who looks at it. */
const alwaysAwake: ProcessOwner = { deliver: (act) => act(), isDead: () => false, stoodStillMs: () => 0 };
/** SIGKILL follows the SIGTERM of a guardian after this time. */
const guardGraceMs = 20;
const here = { id: 'here' as HostId, name: 'here', labels: new Set<string>(), slots: 8, accepting: true };

export function createProcesses(
  world: World,
  { scripts, echoes }: Scenario,
  faults: Faults,
  witness: ProcessWitness,
): Processes {
  const alive = new Map<Process, { plannedEnd: number; readonly observer: AttemptObserver }>();
  const latest = new Map<TaskId, Process>();
  const waiting = new Set<() => void>();

  const endAt = (process: Process, at: number, exit: Exit) => {
    const entry = alive.get(process);
    if (entry === undefined || entry.plannedEnd <= at) return;
    entry.plannedEnd = at;
    world.plan(at, () => {
      if (process.isAlive && entry.plannedEnd === at) end(process, exit);
    });
  };

  const end = (process: Process, exit: Exit) => {
    const { observer } = alive.get(process)!;
    alive.delete(process);
    process.isAlive = false;
    process.end = { at: world.now(), exit };
    witness.ended(process);
    const delay = world.next(faults.exitDelayMs);
    if (delay > 0) world.note('late exit');
    const tell = () => process.owner.deliver(() => observer.exited(exit));
    world.plan(world.now() + delay, tell);
    const echo = world.next(echoes);
    if (echo > 0) {
      world.note('exit told twice');
      world.plan(world.now() + delay + echo, tell);
    }
    for (const look of waiting) look();
  };

  const stop = (process: Process, graceMs: number) => {
    if (!process.isAlive) return;
    process.ranFor ??= world.now() - process.startedAt - (process.owner.stoodStillMs() - process.stoodBefore);
    const { afterMs, exit } = process.script.onStop;
    const isDeaf = afterMs > graceMs;
    if (isDeaf) world.note('deaf to SIGTERM');
    endAt(process, world.now() + Math.min(afterMs, graceMs), isDeaf ? { kind: 'signalled', signal: 'SIGKILL' } : exit);
  };

  const start = (
    owner: ProcessOwner,
    task: TaskId,
    attempt: number,
    killGraceMs: number,
    observer: AttemptObserver,
    host?: WorldHost,
  ) => {
    const all = scripts.get(task)!;
    const script = all[Math.min(attempt, all.length) - 1]!;
    const process: Process = {
      task,
      attempt,
      owner,
      startedAt: world.now(),
      killGraceMs,
      script,
      stoodBefore: owner.stoodStillMs(),
      isAlive: true,
      isHeard: false,
      isReported: false,
      ...(host === undefined ? {} : { host }),
    };
    witness.starts(process);
    latest.set(task, process);
    alive.set(process, { plannedEnd: Number.POSITIVE_INFINITY, observer });
    const { exit, durationMs, lastOutput, retryAfterSeconds, nothingNew } = script;
    if (exit === 'hangs') world.note('hangs');
    else if (exit.kind === 'not-started') {
      world.note(`not started: ${exit.reason}`);
      end(process, exit);
      return process;
    }
    const tell = (afterMs: number, act: () => void) =>
      world.plan(world.now() + afterMs, () => {
        if (process.isAlive) owner.deliver(act);
      });
    tell(0, () => observer.spawned({ host: (host ?? here).id, pid: 1000 + attempt }));
    const print = () => {
      process.isHeard = true;
      observer.output('stdout', Buffer.from(lastOutput));
    };
    if (lastOutput !== '') tell(durationMs / 2, print);
    const report = { ...(retryAfterSeconds && { retryAfterSeconds }), ...(nothingNew && { nothingNew }) };
    const say = () => {
      process.isReported = true;
      observer.reported(report);
    };
    if (Object.keys(report).length > 0) tell(1, say);
    if (exit !== 'hangs') endAt(process, world.now() + durationMs, exit);
    return process;
  };

  /** Resolves for its owner when none of them lives. */
  const whenAllEnded = (owner: Incarnation, left: readonly Process[]) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (left.some(({ isAlive }) => isAlive)) return;
        waiting.delete(look);
        world.plan(world.now() + 1, () => owner.deliver(resolve));
      };
      waiting.add(look);
      look();
    });

  const elsewhere =
    faults.hosts &&
    createDistantExecutors(
      world,
      faults.hosts,
      {
        start: (on, task, attempt, killGraceMs, observer) =>
          start(alwaysAwake, task, attempt, killGraceMs, observer, on),
        stop,
      },
      witness,
    );

  const executorHere = (owner: Incarnation): Executor => ({
    runs: 'here',
    hosts: () => [here],
    onHostsChanged: () => () => undefined,
    start: ({ ref, killGraceMs }, _on, observer): RunningAttempt => {
      if (owner.isDead()) return { terminate: () => undefined, hasEnded: () => true };
      const process = start(owner, ref.task, ref.attempt, killGraceMs, observer);
      return {
        terminate: (graceMs) => {
          if (owner.isDead()) return;
          witness.isStopped(process);
          stop(process, graceMs);
        },
        hasEnded: () => !process.isAlive,
      };
    },
    adopt: async (run, observerOf) => {
      const left = [...alive.keys()].filter((process) => process.owner !== owner);
      if (left.length > 0) world.note('left running and ended by the next');
      for (const process of left) stop(process, process.killGraceMs);
      await whenAllEnded(owner, left);
      const refs = left.map(({ task, attempt }) => ({ run, task, attempt }));
      for (const ref of refs) {
        observerOf(ref).exited({ kind: 'lost', why: 'runner-gone', message: 'its runner is gone' });
      }
      return ok(refs);
    },
    close: async () => {},
  });

  return {
    living: () => [...alive.keys()],
    latestOf: (task) => latest.get(task)!,
    guard: (owner) => {
      for (const process of alive.keys()) if (process.owner === owner) stop(process, guardGraceMs);
    },
    executorOf: (owner) => elsewhere?.(owner) ?? executorHere(owner),
  };
}
