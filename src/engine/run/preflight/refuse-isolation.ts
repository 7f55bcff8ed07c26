import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunId, TaskId } from '../../model/ids.ts';
import type { Plan } from '../../model/pipeline/plan.ts';
import type { Exit } from '../../model/run/task-state.ts';
import type { Executor } from '../../ports.ts';
import { firstNames } from './first-names.ts';

/**
 * Tries, when tasks of the plan are to run isolated, whether this machine allows it, by an attempt that does nothing. It
 * takes about 20 ms. Returns the error `run/no-isolation` when it does not: a run would find out only when it gets there.
 */
export async function refuseIsolation(plan: Plan, run: RunId, executor: Executor): Promise<Diagnostic | undefined> {
  const isolated = plan.tasks.filter(({ spec, skip }) => spec.isolation !== undefined && !skip);
  const host = executor.hosts()[0];
  if (isolated.length === 0 || host === undefined) return undefined;
  const exit = await new Promise<Exit>((resolve) => {
    executor.start(
      {
        // No task may have a name with a colon.
        ref: { run, task: 'run:isolation' as TaskId, attempt: 1 },
        command: { kind: 'argv', argv: ['true'] },
        cwd: '/',
        env: {},
        killGraceMs: 1_000,
        isolation: 'pid',
      },
      host.id,
      { spawned: () => undefined, output: () => undefined, reported: () => undefined, exited: resolve },
    );
  });
  if (exit.kind === 'exited' && exit.code === 0) return undefined;
  const names = firstNames(isolated.map(({ spec }) => spec.id));
  return {
    code: 'run/no-isolation',
    severity: 'error',
    message: `"isolation: pid" of ${names} does not work on this machine: ${reasonOf(exit)}`,
    hint: 'allow user namespaces (in a container: or CAP_SYS_ADMIN), or use "isolation: none"',
  };
}

function reasonOf(exit: Exit): string {
  switch (exit.kind) {
    case 'not-started':
    case 'lost':
      return exit.message.replace(/^cannot start true: /, '');
    case 'exited':
      return `a trial ended with exit code ${exit.code}`;
    case 'signalled':
      return `a trial was ended by ${exit.signal}`;
  }
}
