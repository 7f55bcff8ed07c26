import type { ScratchDatabase } from '../database/scratch/scratch-server.ts';
import { ok, type Result } from '../model/result.ts';
import { compareOutputs, type OutputSnapshot } from './declared-outputs.ts';
import type { SuspectFinder } from './find-suspects.ts';
import type { Ledger } from './ledger.ts';
import { planOf, type Reference } from './prove-tasks.ts';
import type { TaskOrder } from './task-orders.ts';
import type { Difference, Finding, Proof, TaskFailure } from './verify-report.ts';
import type { Halt, VerifyRequest } from './verify-request.ts';
import type { Workbench } from './workbench.ts';

/** What is left of a run of all tasks. */
export type WholeRun = {
  readonly database: ScratchDatabase;
  readonly outputs: OutputSnapshot;
  /** When there are any, its data is not worth a comparison. */
  readonly failures: readonly TaskFailure[];
};

/** All tasks in one run, as parallel as the pipeline allows. */
export async function runParallel(
  bench: Workbench,
  { plan, maxParallel, onStep }: VerifyRequest,
  ledger: Ledger,
): Promise<Result<WholeRun, Halt>> {
  onStep({ kind: 'doing', text: 'all tasks run in parallel' });
  const created = await bench.create('parallel');
  if (!created.ok) return created;
  const ran = await bench.run(created.value, plan, {
    sequential: false,
    ...(maxParallel === undefined ? {} : { maxParallel }),
  });
  if (!ran.ok) return ran;
  const { failures, durationMs, isComplete } = ran.value;
  ledger.noteRun(ran.value);
  onStep({ kind: 'ran-parallel', durationMs, ok: isComplete });
  return whole(bench, plan, created.value, isComplete ? [] : failures);
}

/** Each task alone, in another order than the reference; ends with the first that fails. */
export async function runInOrder(
  bench: Workbench,
  { plan, onStep }: VerifyRequest,
  order: TaskOrder,
  ledger: Ledger,
): Promise<Result<WholeRun, Halt>> {
  const created = await bench.create('order');
  if (!created.ok) return created;
  const start = performance.now();
  let failures: readonly TaskFailure[] = [];
  for (const index of order) {
    const task = plan.tasks[index]!;
    onStep({ kind: 'doing', text: `${task.spec.id} runs in the opposite order` });
    const ran = await bench.run(created.value, planOf(plan, task), { sequential: true });
    if (!ran.ok) return ran;
    ledger.noteRun(ran.value);
    failures = ran.value.failures;
    if (failures.length > 0) break;
  }
  onStep({ kind: 'ran-other-order', durationMs: performance.now() - start, ok: failures.length === 0 });
  return whole(bench, plan, created.value, failures);
}

/** Compares a run of all tasks with the reference, and notes what differs and who may be why. */
export async function judgeWhole(
  proof: Proof,
  bench: Workbench,
  run: WholeRun,
  reference: Reference,
  suspects: SuspectFinder,
  ledger: Ledger,
): Promise<Result<void, Halt>> {
  ledger.proofs.add(proof);
  for (const failure of run.failures) ledger.noteFailure(proof, failure, suspects.ofFailure(failure.task));
  if (run.failures.length > 0) return ok(undefined);
  const compared = await bench.compare(reference.database, run.database);
  if (!compared.ok) return compared;
  ledger.noteComparison(compared.value);
  // A further order may show what one before has shown.
  const known = new Set(ledger.findings.flatMap((finding) => namesIn(finding, proof)));
  const differences: readonly Difference[] = [
    ...compared.value.differences,
    ...compareOutputs(reference.outputs, run.outputs),
  ].filter((difference) => !known.has(nameOfDifference(difference)));
  for (const { names, ...who } of suspects.ofDifferences(differences.map(nameOfDifference))) {
    const [first, ...follows] = names;
    for (const difference of differences.filter((one) => nameOfDifference(one) === first)) {
      ledger.findings.push({ proof, ...who, cause: { kind: 'differs', difference }, follows });
    }
  }
  return ok(undefined);
}

function namesIn({ proof, cause, follows }: Finding, of: Proof): readonly string[] {
  if (proof !== of || cause.kind !== 'differs') return [];
  return [nameOfDifference(cause.difference), ...follows];
}

function nameOfDifference(difference: Difference): string {
  return difference.kind === 'file' ? difference.path : difference.table;
}

async function whole(
  bench: Workbench,
  { tasks }: VerifyRequest['plan'],
  database: ScratchDatabase,
  failures: readonly TaskFailure[],
): Promise<Result<WholeRun, Halt>> {
  const outputs = await bench.snapshot(tasks.flatMap(({ spec, skip }) => (skip ? [] : spec.outputs)));
  return outputs.ok ? ok({ database, outputs: outputs.value, failures }) : outputs;
}
