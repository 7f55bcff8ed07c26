import type { TaskId } from '../../../src/engine/model/ids.ts';
import { failed } from '../../../src/engine/model/result.ts';
import type { Answer } from '../../../src/engine/model/run/task-state.ts';
import type { PendingCondition, Ports } from '../../../src/engine/ports.ts';
import { answerOf } from '../fake-run.ts';
import type { Scenario } from '../simulate-run.ts';
import type { Incarnation } from './incarnation.ts';
import type { Processes } from './processes.ts';
import type { Faults } from './trial.ts';
import type { World } from './world.ts';

/** What the world answers a run, apart from its processes and its journal. */
export type Answers = {
  portsOf(
    owner: Incarnation,
  ): Pick<Ports, 'checks' | 'conditions' | 'outputs' | 'lines' | 'sessions' | 'log' | 'oomKills'>;
};

/** Told of what is asked. */
export type AnswerWitness = {
  readonly asks: (check: string, owner: Incarnation) => void;
  readonly asksNeed: (task: TaskId, attempt: number) => void;
  /** Before the scheduler hears of it. */
  readonly answersNeed: (task: TaskId, answer: Answer) => void;
  readonly looksFor: (task: TaskId) => void;
};

export function createAnswers(
  world: World,
  { checks, conditions }: Scenario,
  { sweepMs }: Faults,
  processes: Processes,
  witness: AnswerWitness,
): Answers {
  const asked = new Map<string, number>();
  /** The next of a list that is used in turn; its last one is repeated. */
  const nextOf = <Item>(name: string, list: readonly Item[]): Item => {
    const ask = asked.get(name) ?? 0;
    asked.set(name, ask + 1);
    return list[Math.min(ask, list.length - 1)]!;
  };
  return {
    portsOf: (owner) => {
      /** Resolves for its owner after that time. */
      const after = <Value>(ms: number, value: Value) =>
        new Promise<Value>((resolve) => {
          world.plan(world.now() + ms, () => owner.deliver(() => resolve(value)));
        });
      /** Happens for its owner after that time, unless it is stopped. */
      const unlessStopped = (ms: number, act: () => void): PendingCondition => {
        let isStopped = false;
        world.plan(world.now() + ms, () =>
          owner.deliver(() => {
            if (!isStopped) act();
          }),
        );
        return {
          stop: () => {
            isStopped = true;
          },
        };
      };
      return {
        conditions: {
          ask: (task, attempt, answered) => {
            if (owner.isDead()) return { stop: () => undefined };
            witness.asksNeed(task, attempt);
            const { durationMs, answer: kind } = nextOf(task, conditions.get(task)!.answers);
            return unlessStopped(durationMs, () => {
              const answer = answerOf(kind);
              world.note(`answered: ${kind}`);
              witness.answersNeed(task, answer);
              answered(answer);
            });
          },
          awaitArrival: (task, _attempt, ended) => {
            if (owner.isDead()) return { stop: () => undefined };
            witness.looksFor(task);
            const { arrivesAfterMs } = conditions.get(task)!;
            return arrivesAfterMs === undefined
              ? { stop: () => undefined }
              : unlessStopped(arrivesAfterMs, () => {
                  world.note('arrived');
                  ended();
                });
          },
        },
        checks: {
          run: ({ name }) => {
            if (owner.isDead()) return new Promise(() => undefined);
            witness.asks(name, owner);
            const { durationMs, verdicts } = checks.get(name)!;
            const verdict = nextOf(name, verdicts);
            const answer = { check: name, verdict, summary: verdict, measured: {}, durationMs };
            return after(durationMs, verdict === 'error' ? { ...answer, isTransient: true as const } : answer);
          },
        },
        outputs: {
          remember: async () => undefined,
          firstMissing: async (task) => {
            const { missingOutput } = processes.latestOf(task).script;
            if (missingOutput !== undefined) world.note('missing output');
            return missingOutput;
          },
        },
        lines: { read: async () => failed('no such file') },
        sessions: { endSessions: () => after(world.next(sweepMs), undefined) },
        log: {
          open: () => ({ write: () => undefined, close: () => undefined }),
          tail: (task) => ({ stdout: '', stderr: '', merged: processes.latestOf(task).script.lastOutput }),
          path: () => '/dev/null',
        },
        oomKills: () => 0,
      };
    },
  };
}
