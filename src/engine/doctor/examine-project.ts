import { maskEnvironment } from '../masking/mask-environment.ts';
import { withDeadline } from '../platform/with-deadline.ts';
import { maskRun } from '../run/parts/run-masking.ts';
import type { ExamineRequest, Probe } from './probe.ts';
import { type ProbeResult, resultOf, type Subject } from './probe-result.ts';
import { examineBash } from './probes/examine-bash.ts';
import { examineDatabase } from './probes/examine-database.ts';
import { examineIsolation } from './probes/examine-isolation.ts';
import { examineLocks } from './probes/examine-locks.ts';
import { examineLogs, examineMemory, examineState } from './probes/examine-machine.ts';
import { examineNotify, examineWaits } from './probes/examine-pipeline.ts';
import { examinePrograms } from './probes/examine-programs.ts';
import { examineProxies } from './probes/examine-proxies.ts';
import { examineQueue } from './probes/examine-queue.ts';

/** A look at a file system or a program; a database may take its `connect_timeout`. */
const answerWithinMs = 8_000;
const databaseWithinMs = 15_000;

const probes: readonly (readonly [subject: Subject, probe: Probe, withinMs: number])[] = [
  ['bash', examineBash, answerWithinMs],
  ['program', examinePrograms, answerWithinMs],
  ['isolation', examineIsolation, answerWithinMs],
  ['pipeline', examineWaits, answerWithinMs],
  ['notify', examineNotify, answerWithinMs],
  ['database', examineDatabase, databaseWithinMs],
  ['queue', examineQueue, databaseWithinMs],
  ['memory', examineMemory, answerWithinMs],
  ['logs', examineLogs, answerWithinMs],
  ['state', examineState, answerWithinMs],
  ['locks', examineLocks, answerWithinMs],
  ['proxy', examineProxies, answerWithinMs],
];

/**
 * Looks whether a run would have what it needs: at all of it at once, each within its time. Starts no task and no database.
 * No line has a secret in it.
 */
export async function examineProject(request: ExamineRequest): Promise<readonly ProbeResult[]> {
  const looks = probes.map(([subject, probe, ms]) =>
    withDeadline(probe(request), ms, () => [resultOf(subject, 'problem', `no answer within ${ms / 1000}s`, late)]),
  );
  const found = (await Promise.all(looks)).flat();
  const mask = maskOf(request);
  return found.map((one) => ({
    ...one,
    found: mask(one.found),
    ...(one.advice === undefined ? {} : { advice: mask(one.advice) }),
  }));
}

const late = 'a program or a file system behind it hangs; look at that first';

function maskOf({ env, pipeline }: ExamineRequest): (text: string) => string {
  if (pipeline === undefined) return (text) => maskEnvironment(text, env, []);
  const { plan, params, envFiles } = pipeline;
  return maskRun({ plan, env, params, envFiles }, []).mask;
}
