import { matchesNothing } from '../database/compare/left-out-columns.ts';
import { maskDiagnostic } from '../masking/mask-plan.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { failed, ok, type Result } from '../model/result.ts';
import { createSuspectFinder } from './find-suspects.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { maskReport } from './mask-report.ts';
import { proveTasks } from './prove-tasks.ts';
import { judgeWhole, runInOrder, runParallel } from './prove-whole.ts';
import { fileOrder, independentTasks, oppositeOrders, reversedAround } from './task-orders.ts';
import type { VerifyReport } from './verify-report.ts';
import type { Halt, VerifyRequest } from './verify-request.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/**
 * Proves that a pipeline gives the same data whatever happens: in databases of its own, which it creates on the server
 * of the pipeline and drops in the end. What differs is a finding in the report and no error.
 * Errors: those of `openWorkbench`, and what keeps runs from being opened or databases from being compared.
 */
export async function verifyPipeline(request: VerifyRequest): Promise<Result<VerifyReport, Diagnostic>> {
  const start = performance.now();
  const { plan, seed, proofs, ignore } = request;
  const opened = await openWorkbench(request);
  if (!opened.ok) return opened;
  const bench = opened.value;
  const ledger = createLedger();
  const tasks = fileOrder(plan);
  let kept: VerifyReport['kept'] = { databases: [] };
  let end: VerifyReport['end'] | { readonly mistake: Diagnostic };
  try {
    request.onStep({ kind: 'begun', server: bench.server, tasks: tasks.length, proofs });
    end = await prove(bench, request, ledger);
  } finally {
    kept = await bench.close();
  }
  if (typeof end === 'object' && 'mistake' in end) return failed(maskDiagnostic(end.mistake, bench.mask));
  const leftOut = ledger.leftOut();
  const report: VerifyReport = {
    pipeline: plan.pipeline.name,
    server: bench.server,
    seed,
    durationMs: performance.now() - start,
    proofs: proofs.filter((proof) => ledger.proofs.has(proof)),
    end,
    tasks: ledger.tasks,
    findings: ledger.findings,
    degraded: [...ledger.degraded],
    leftOut,
    unused: end === 'complete' ? ignore.filter((one) => matchesNothing(one, leftOut)).map(({ text }) => text) : [],
    tables: ledger.tables(),
    pairs: countPairs(request),
    kept,
  };
  return ok(maskReport(report, bench.mask));
}

type End = VerifyReport['end'] | { readonly mistake: Diagnostic };

async function prove(bench: Workbench, request: VerifyRequest, ledger: Ledger): Promise<End> {
  const { plan, proofs } = request;
  const first = fileOrder(plan);
  const independent = independentTasks(plan);
  // First, so that what tasks fetch and keep in files is there for all that are compared with each other.
  const parallel = proofs.includes('parallel') ? await runParallel(bench, request, ledger) : undefined;
  if (parallel?.ok === false) return endOf(parallel.error);
  const reference = await proveTasks(bench, request, first, ledger);
  if (!reference.ok) {
    return reference.error.kind === 'task-failed' ? { failed: reference.error.failure } : endOf(reference.error);
  }
  if (parallel !== undefined) {
    const met = (task: number) => [...(independent.get(task) ?? [])];
    const suspects = createSuspectFinder(plan, reference.value, met);
    const judged = await judgeWhole('parallel', bench, parallel.value, reference.value, suspects, ledger);
    if (!judged.ok) return endOf(judged.error);
    await bench.drop(parallel.value.database);
  }
  if (!proofs.includes('order')) return 'complete';
  for (const order of oppositeOrders(plan)) {
    const ordered = await runInOrder(bench, request, order, ledger);
    if (!ordered.ok) return endOf(ordered.error);
    const met = (task: number) => reversedAround(task, independent, first, order);
    const suspects = createSuspectFinder(plan, reference.value, met);
    const judged = await judgeWhole('order', bench, ordered.value, reference.value, suspects, ledger);
    if (!judged.ok) return endOf(judged.error);
    await bench.drop(ordered.value.database);
  }
  ledger.proofs.add('order');
  return 'complete';
}

function endOf(halt: Halt): End {
  return halt.kind === 'stopped' ? 'stopped' : { mistake: halt.mistake };
}

function countPairs({ plan }: VerifyRequest): VerifyReport['pairs'] {
  const first = fileOrder(plan);
  const orders = oppositeOrders(plan);
  const independent = independentTasks(plan);
  const both = (task: number) =>
    new Set(orders.flatMap((order) => reversedAround(task, independent, first, order))).size;
  const sum = (count: (task: number) => number) => first.reduce((total, task) => total + count(task), 0) / 2;
  return { independent: sum((task) => independent.get(task)?.size ?? 0), bothOrders: sum(both) };
}
