import type { Ports } from '../../../src/engine/ports.ts';
import type { Scenario } from '../simulate-run.ts';
import type { Incarnation } from './incarnation.ts';
import type { Processes } from './processes.ts';
import type { Faults } from './trial.ts';
import type { World } from './world.ts';

/** What the world answers a run, apart from its processes and its journal. */
export type Answers = {
  portsOf(owner: Incarnation): Pick<Ports, 'checks' | 'outputs' | 'sessions' | 'log' | 'oomKills'>;
};

/** @param onAsked called when a check is asked, with its name */
export function createAnswers(
  world: World,
  { checks }: Scenario,
  { sweepMs }: Faults,
  processes: Processes,
  onAsked: (check: string, owner: Incarnation) => void,
): Answers {
  const asked = new Map<string, number>();
  return {
    portsOf: (owner) => {
      /** Resolves for its owner after that time. */
      const after = <Value>(ms: number, value: Value) =>
        new Promise<Value>((resolve) => {
          world.plan(world.now() + ms, () => owner.deliver(() => resolve(value)));
        });
      return {
        checks: {
          run: ({ name }) => {
            if (owner.isDead()) return new Promise(() => undefined);
            onAsked(name, owner);
            const { durationMs, verdicts } = checks.get(name)!;
            const ask = asked.get(name) ?? 0;
            asked.set(name, ask + 1);
            const verdict = verdicts[Math.min(ask, verdicts.length - 1)]!;
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
