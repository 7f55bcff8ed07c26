import type { Diagnostic } from '../../model/diagnostic.ts';
import type { AttemptRef, HostId, RunId, TaskId } from '../../model/ids.ts';
import type { Plan } from '../../model/pipeline/plan.ts';
import type { Exit } from '../../model/run/task-state.ts';
import { withDeadline } from '../../platform/with-deadline.ts';
import type { Executor, RunningAttempt } from '../../ports.ts';
import { firstNames } from './first-names.ts';

const killGraceMs = 1_000;

/**
 * Tries, when tasks of the plan are to run isolated, whether each host on which they may run allows it, by an attempt that does
 * nothing. On this machine it takes about 20 ms. Returns the error `run/no-isolation` when one does not allow it: a run would find
 * out only when it gets there. What a host does not tell in time, as one whose places are all taken, the run finds out.
 * @param trial `round`: how often another process has tried for this run before
 */
export async function refuseIsolation(
  plan: Plan,
  run: RunId,
  executor: Executor,
  { round = 0, withinMs = 10_000 }: { readonly round?: number; readonly withinMs?: number } = {},
): Promise<Diagnostic | undefined> {
  const isolated = plan.tasks.filter(({ spec, skip }) => spec.isolation !== undefined && !skip);
  const hosts = executor
    .hosts()
    .filter(({ labels }) => isolated.some(({ spec }) => (spec.labels ?? []).every((label) => labels.has(label))));
  const reasons = await Promise.all(
    hosts.map(({ id }, index) => {
      const attempt = round * maxHosts + index + 1;
      return whyNot(executor, id, { run, task, attempt }, withinMs);
    }),
  );
  const at = reasons.findIndex((reason) => reason !== undefined);
  if (at === -1) return undefined;
  const names = firstNames(isolated.map(({ spec }) => spec.id));
  const isHere = executor.runs === 'here';
  const where = isHere ? 'this machine' : `host ${hosts[at]!.name}`;
  const labels = isHere ? '' : ', give the hosts that allow it a label that the tasks ask for';
  return {
    code: 'run/no-isolation',
    severity: 'error',
    message: `"isolation: pid" of ${names} does not work on ${where}: ${reasons[at]}`,
    hint: `allow user namespaces (in a container: or CAP_SYS_ADMIN)${labels}, or use "isolation: none"`,
  };
}

/** No task may have a name with a colon. */
const task = 'run:isolation' as TaskId;
const maxHosts = 10_000;

/** Why the host does not allow it; undefined when it does, and when it does not tell. */
async function whyNot(
  executor: Executor,
  host: HostId,
  ref: AttemptRef,
  withinMs: number,
): Promise<string | undefined> {
  let trial: RunningAttempt | undefined;
  const exit = new Promise<Exit>((resolve) => {
    trial = executor.start(
      {
        ref,
        command: { kind: 'argv', argv: ['true'] },
        cwd: '/',
        env: {},
        killGraceMs,
        backstopMs: withinMs,
        isolation: 'pid',
      },
      host,
      { spawned: () => undefined, output: () => undefined, reported: () => undefined, exited: resolve },
    );
  });
  const ended = await withDeadline(exit, withinMs, () => trial?.terminate(killGraceMs));
  if (ended === undefined) return undefined;
  if (ended.kind === 'lost' && executor.runs === 'elsewhere') return undefined;
  return ended.kind === 'exited' && ended.code === 0 ? undefined : reasonOf(ended);
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
