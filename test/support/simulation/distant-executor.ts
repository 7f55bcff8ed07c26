import type { TaskId } from '../../../src/engine/model/ids.ts';
import { ok } from '../../../src/engine/model/result.ts';
import type { Exit, TaskReport } from '../../../src/engine/model/run/task-state.ts';
import type { AttemptObserver, Executor, StartRequest } from '../../../src/engine/ports.ts';
import type { Incarnation } from './incarnation.ts';
import type { Process } from './processes.ts';
import type { Faults } from './trial.ts';
import type { World } from './world.ts';
import { createWorldHosts, type WorldHost } from './world-hosts.ts';

/** Starts and ends processes on hosts. */
export type Machines = {
  start(on: WorldHost, task: TaskId, attempt: number, killGraceMs: number, observer: AttemptObserver): Process;
  stop(process: Process, graceMs: number): void;
};

/** Told of what is done to attempts, in truth. */
export type DistantWitness = {
  readonly isStopped: (process: Process) => void;
  /** The attempt is asked to end before it has begun. */
  readonly isStoppedEarly: (task: TaskId, attempt: number) => void;
  /** The attempt is told to be lost, and whether it had begun. */
  readonly isLost: (task: TaskId, attempt: number) => void;
};

/** An attempt that was sent to a host. It is known to every process that carries out the run. */
type Attempt = {
  readonly request: StartRequest;
  readonly host: WorldHost | undefined;
  process?: Process;
  /** What was heard of it, in its order. */
  readonly told: ((observer: AttemptObserver) => void)[];
  exit?: Exit;
  stopWithin?: number;
  /** Absent while it is being told to another one what was heard before. */
  listener: { readonly owner: Incarnation; readonly observer: AttemptObserver } | undefined;
};

/** How long an attempt is on its way to its host. */
const hopMs = 1;

/** Executors that run attempts on hosts of the world; all of them, one for each process that carries out the run, see the same. */
export function createDistantExecutors(
  world: World,
  faults: NonNullable<Faults['hosts']>,
  machines: Machines,
  witness: DistantWitness,
): (owner: Incarnation) => Executor {
  const attempts = new Map<string, Attempt>();
  const on = (host: WorldHost) => [...attempts.values()].filter((one) => one.host === host && one.exit === undefined);
  const endAll = (graceMs: number) => (host: WorldHost) => {
    for (const { process } of on(host)) if (process?.isAlive) machines.stop(process, graceMs);
  };
  const hosts = createWorldHosts(world, faults, {
    dies: endAll(0),
    guards: endAll(5),
    isLost: (host) => {
      for (const attempt of on(host)) lose(attempt, `the lease of ${host.name} is over`);
    },
  });

  const tell = (attempt: Attempt, act: (observer: AttemptObserver) => void) => {
    attempt.told.push(act);
    const { listener } = attempt;
    listener?.owner.deliver(() => act(listener.observer));
  };
  const end = (attempt: Attempt, exit: Exit) => {
    attempt.exit ??= exit;
    tell(attempt, ({ exited }) => exited(exit));
  };
  const lose = (attempt: Attempt, message: string) => {
    const { task, attempt: number } = attempt.request.ref;
    world.note(attempt.process === undefined ? 'lost before it began' : 'lost with its host');
    if (attempt.process?.end?.exit.kind === 'exited') world.note('its end was not heard');
    witness.isLost(task, number);
    end(attempt, { kind: 'lost', why: 'lease-expired', message });
  };

  /** What a host says is heard as long as it has its lease and a way. */
  const heard = (attempt: Attempt, host: WorldHost): AttemptObserver => {
    const say = (act: (observer: AttemptObserver) => void) => {
      if (!host.isSilent && attempt.exit === undefined) tell(attempt, act);
    };
    return {
      spawned: (process) => say(({ spawned }) => spawned(process)),
      output: (stream, chunk) => say(({ output }) => output(stream, chunk)),
      reported: (report: TaskReport) => say(({ reported }) => reported(report)),
      exited: (exit) => {
        if (!host.isSilent && attempt.exit === undefined) end(attempt, exit);
      },
    };
  };
  const begin = (attempt: Attempt) => {
    const { host, request } = attempt;
    if (host === undefined || host.isDeclaredDead) return lose(attempt, 'there is no such host');
    if (host.isSilent) return;
    if (attempt.stopWithin !== undefined) return end(attempt, { kind: 'signalled', signal: 'SIGTERM' });
    const { task, attempt: number } = request.ref;
    attempt.process = machines.start(host, task, number, request.killGraceMs, heard(attempt, host));
  };
  const terminate = (attempt: Attempt, graceMs: number) => {
    attempt.stopWithin = graceMs;
    const { process, host } = attempt;
    const { task, attempt: number } = attempt.request.ref;
    if (process === undefined) witness.isStoppedEarly(task, number);
    if (process === undefined || !process.isAlive || host?.isSilent) return;
    witness.isStopped(process);
    machines.stop(process, graceMs);
  };

  return (owner) => ({
    runs: 'elsewhere',
    hosts: () => hosts.all(),
    onHostsChanged: (listener) => {
      hosts.onChange(() => owner.deliver(listener));
      return () => undefined;
    },
    start: (request, onHost, observer) => {
      if (owner.isDead()) return { terminate: () => undefined, hasEnded: () => true };
      const key = `${request.ref.task}#${request.ref.attempt}`;
      const found = attempts.get(key);
      const attempt: Attempt = found ?? { request, host: hosts.find(onHost), told: [], listener: { owner, observer } };
      attempts.set(key, attempt);
      // In their order, as the witness knows what was free for each.
      if (found === undefined) world.plan(world.now() + hopMs, () => begin(attempt), 0);
      else {
        world.note('adopted');
        // What comes meanwhile is told with the rest, in its order.
        found.listener = undefined;
        world.plan(world.now() + hopMs, () => {
          found.listener = { owner, observer };
          for (const act of found.told) owner.deliver(() => act(observer));
        });
      }
      return {
        terminate: (graceMs) => {
          if (!owner.isDead()) terminate(attempt, graceMs);
        },
        hasEnded: () => attempt.exit !== undefined || attempt.process?.isAlive === false,
      };
    },
    adopt: async (_run, observerOf, goesOn = () => false) => {
      const left = [...attempts.values()].filter(({ exit, request }) => exit === undefined && !goesOn(request.ref));
      const ended = left.map((attempt) => {
        const over = new Promise<void>((resolve) => {
          const observer = { ...observerOf(attempt.request.ref), exited: () => resolve() };
          attempt.listener = { owner, observer };
        });
        if (attempt.process?.isAlive && !attempt.host?.isSilent)
          machines.stop(attempt.process, attempt.request.killGraceMs);
        else attempt.stopWithin ??= 0;
        return over;
      });
      if (left.length > 0) world.note('left running and ended by the next');
      await Promise.all(ended);
      return ok(left.map(({ request }) => request.ref));
    },
    close: async () => {},
  });
}
