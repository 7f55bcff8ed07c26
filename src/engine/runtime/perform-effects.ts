import type { EpochMs, TaskId } from '../model/ids.ts';
import { isPlaceholder, type MatrixLines } from '../model/pipeline/matrix.ts';
import type { Result } from '../model/result.ts';
import type { Effect, TaskTimer, TimerKey } from '../model/run/messages.ts';
import type { RunState } from '../model/run/run-state.ts';
import type { Exit, MissingOutput } from '../model/run/task-state.ts';
import { entryAt } from '../model/run/task-table.ts';
import { unreachable } from '../model/unreachable.ts';
import type { AttemptLog, Ports, RunningAttempt, StartRequest } from '../ports.ts';
import { chooseHost } from './choose-host.ts';
import { createConditionPerformer } from './perform-conditions.ts';
import { readExistingLines, readWrittenLines } from './read-lines.ts';
import type { RunLoop } from './run-loop.ts';
import { watchOomKills } from './watch-oom-kills.ts';

type StartTask = Extract<Effect, { readonly type: 'start-task' }>;

export type EffectPerformer = {
  readonly perform: (effect: Effect, loop: RunLoop) => void;
  /** Ends every running attempt at once, by force. */
  killAll(): void;
  /** Cancels all timers, and ignores the results of checks and conditions: a cancelled run does not wait for them. */
  stop(): void;
};

/** Turns effects of the scheduler into calls of the ports, and what comes back into observations. */
export function createEffectPerformer(
  ports: Omit<Ports, 'journal'>,
  requestOf: (task: TaskId, attempt: number, fallback: boolean, state: RunState) => StartRequest,
): EffectPerformer {
  const attempts = new Map<TaskId, RunningAttempt>();
  const timers = new Map<string, { cancel(): void }>();
  /** Attempts with a limit of quiet time: for how many quarters of it they have been quiet. */
  const quietQuarters = new Map<TaskId, number>();
  /** The limits of attempts that wait in a queue, and are set when they begin. */
  const limitsToSet = new Map<TaskId, (() => void)[]>();
  const conditions = createConditionPerformer(ports.conditions);
  // The kernel of this machine knows nothing of those elsewhere.
  const wasOutOfMemory = ports.executor.runs === 'here' ? watchOomKills(ports) : () => false;
  let isStopped = false;

  const start = (loop: RunLoop, { task, attempt, fallback, host }: StartTask) => {
    // An attempt may be over before `start` returns; then it is not stored.
    let over = false;
    // Opened with the first output, so that an attempt without any costs nothing.
    let log: AttemptLog | undefined;
    const on = host ?? chooseHost(ports.executor);
    const running = ports.executor.start(requestOf(task, attempt, fallback, loop.state()), on, {
      spawned: ({ pid }) => {
        loop.dispatch({ type: 'spawned', task, attempt, pid });
        const limits = limitsToSet.get(task) ?? [];
        limitsToSet.delete(task);
        for (const set of limits) set();
      },
      output: (stream, chunk) => {
        noteActivity(task);
        log ??= ports.log.open(task, attempt);
        log.write(stream, chunk);
      },
      reported: (report) => {
        noteActivity(task);
        loop.dispatch({ type: 'reported', task, attempt, report });
      },
      exited: (exit, endedAt) => {
        // Told twice it must not touch the attempt that follows.
        if (over) return;
        over = true;
        const lastOutput = log === undefined ? '' : ports.log.tail(task, attempt).merged;
        log?.close();
        attempts.delete(task);
        limitsToSet.delete(task);
        cancelTimer({ kind: 'timeout', task, attempt });
        cancelTimer({ kind: 'idle', task, attempt });
        quietQuarters.delete(task);
        const outOfMemory = wasOutOfMemory(exit);
        void beforeExit(loop, task, attempt, exit, fallback).then(({ missingOutput, lines }) =>
          loop.dispatch({
            type: 'exited',
            task,
            attempt,
            exit,
            ...(endedAt === undefined ? {} : { endedAt }),
            lastOutput,
            ...(missingOutput === undefined ? {} : { missingOutput }),
            ...(lines === undefined ? {} : { lines }),
            ...(outOfMemory ? { outOfMemory } : {}),
          }),
        );
      },
    });
    if (!over) attempts.set(task, running);
  };

  /**
   * Before an exit is dispatched: verifies promised outputs, reads the values of matrices, and ends the database sessions of a
   * failed attempt.
   */
  const beforeExit = async (
    loop: RunLoop,
    task: TaskId,
    attempt: number,
    exit: Exit,
    fallback: boolean,
  ): Promise<{ readonly missingOutput?: MissingOutput; readonly lines?: Result<MatrixLines, string> }> => {
    const succeeded = exit.kind === 'exited' && exit.code === 0;
    if (!succeeded) {
      // The server continues a query of a dead client and holds its locks, which would block the next attempt.
      await ports.sessions?.endSessions(task, attempt);
      return {};
    }
    const { plan } = loop.state();
    const outputs = plan.tasks[plan.indexOf.get(task)!]!.spec.outputs;
    const missingOutput =
      outputs.length === 0 || fallback ? undefined : await ports.outputs.firstMissing(task, outputs);
    if (missingOutput !== undefined) return { missingOutput };
    const files = plan.open?.files.get(task);
    return files === undefined ? {} : { lines: await readWrittenLines(ports.lines, task, files) };
  };

  /** Which instances the task stands for; false of any other. An answer that comes too late is ignored. */
  const tellInstances = (loop: RunLoop, task: TaskId, attempt: number): boolean => {
    const state = loop.state();
    const index = state.plan.indexOf.get(task);
    // Instances may have taken its place meanwhile.
    if (index === undefined) return true;
    if (!isPlaceholder(state.plan.tasks[index]!.spec.instance)) return false;
    void readExistingLines(ports.lines, state, index).then((lines) => {
      if (!isStopped) loop.dispatch({ type: 'answered', task, attempt, answer: { kind: 'values', lines } });
    });
    return true;
  };

  const cancelTimer = (key: TimerKey) => {
    timers.get(nameOf(key))?.cancel();
    timers.delete(nameOf(key));
  };

  /** A limit of time counts from the start of the process, which may have waited for the disk, or in a queue, since it was decided. */
  const waitedFor = (loop: RunLoop, timer: TimerKey): number => {
    if (timer.kind !== 'timeout' && timer.kind !== 'idle') return 0;
    const { plan, tasks, continued } = loop.state();
    const { state } = entryAt(tasks, plan.indexOf.get(timer.task)!);
    if (state.kind !== 'running' || state.attempt !== timer.attempt) return 0;
    // One that another process has started was decided on when this one took it over.
    return Math.max(0, ports.clock.now() - Math.max(state.startedAt, continued?.at ?? 0));
  };

  const setTimer = (loop: RunLoop, timer: TimerKey, at: EpochMs) => {
    const fire = () => {
      timers.delete(nameOf(timer));
      // It ended in time; after the machine stood still, its exit may come later than this timer.
      if (timer.kind === 'timeout' && attempts.get(timer.task)?.hasEnded()) return;
      loop.dispatch({ type: 'timer-fired', timer });
    };
    const isLimit = timer.kind === 'timeout' || timer.kind === 'run-limit';
    timers.set(nameOf(timer), ports.clock.setTimer(at, fire, isLimit ? 'awake' : 'all'));
  };

  const noteActivity = (task: TaskId) => {
    if (quietQuarters.has(task)) quietQuarters.set(task, 0);
  };

  /**
   * Looks four times in the time that the attempt may be quiet, in place of a new timer for each line of output. So time
   * in which the machine was asleep does not count, and the attempt ends at most a quarter late.
   */
  const watchQuiet = (loop: RunLoop, timer: TaskTimer, quarterMs: number) => {
    const look = () => {
      timers.delete(nameOf(timer));
      const quarters = (quietQuarters.get(timer.task) ?? 0) + 1;
      quietQuarters.set(timer.task, quarters);
      if (quarters < 4) return watchQuiet(loop, timer, quarterMs);
      if (!attempts.get(timer.task)?.hasEnded()) loop.dispatch({ type: 'timer-fired', timer });
    };
    const at = (ports.clock.now() + quarterMs) as EpochMs;
    timers.set(nameOf(timer), ports.clock.setTimer(at, look, 'awake'));
  };

  const setAnyTimer = (loop: RunLoop, timer: TimerKey, decidedAt: EpochMs) => {
    const at = (decidedAt + waitedFor(loop, timer)) as EpochMs;
    cancelTimer(timer);
    if (timer.kind === 'idle') {
      quietQuarters.set(timer.task, 0);
      watchQuiet(loop, timer, Math.max(1, (at - ports.clock.now()) / 4));
    } else setTimer(loop, timer, at);
  };

  return {
    perform: (effect, loop) => {
      switch (effect.type) {
        case 'start-task':
          start(loop, effect);
          return;
        case 'terminate-task':
          attempts.get(effect.task)?.terminate(effect.graceMs);
          return;
        case 'set-timer': {
          const { timer } = effect;
          const isLimit = timer.kind === 'timeout' || timer.kind === 'idle';
          const set = () => setAnyTimer(loop, timer, effect.at);
          if (!isLimit || attempts.get(timer.task)?.hasBegun?.() !== false) return set();
          limitsToSet.set(timer.task, [...(limitsToSet.get(timer.task) ?? []), set]);
          return;
        }
        case 'ask-condition':
          if (!tellInstances(loop, effect.task, effect.attempt)) conditions.perform(effect, loop);
          return;
        case 'await-condition':
        case 'stop-condition':
          conditions.perform(effect, loop);
          return;
        case 'run-check': {
          const { plan } = loop.state();
          const check = plan.checks.find(({ spec }) => spec.name === effect.check)!;
          void ports.checks.run(check.spec).then(({ isTransient, ...result }) => {
            if (!isStopped) loop.dispatch({ type: 'checked', result, ...(isTransient ? { isTransient } : {}) });
          });
          return;
        }
        default:
          unreachable(effect);
      }
    },
    killAll: () => {
      for (const attempt of attempts.values()) attempt.terminate(0);
      conditions.stopAll();
    },
    stop: () => {
      isStopped = true;
      conditions.stopAll();
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
  };
}

function nameOf(timer: TimerKey): string {
  switch (timer.kind) {
    case 'check-retry':
      return `${timer.kind} ${timer.check}#${timer.attempt}`;
    case 'awaited':
      return `${timer.kind} ${timer.task}`;
    // There is one, which a later one replaces.
    case 'run-limit':
      return timer.kind;
    default:
      return `${timer.kind} ${timer.task}#${timer.attempt}`;
  }
}
