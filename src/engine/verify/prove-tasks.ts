import { noActivity, type TableActivity } from '../database/compare/read-activity.ts';
import type { ScratchDatabase } from '../database/scratch/scratch-server.ts';
import { isPlaceholder } from '../model/pipeline/matrix.ts';
import type { Plan, PlannedTask } from '../model/pipeline/plan.ts';
import { failed, ok, type Result } from '../model/result.ts';
import { buildPlan } from '../plan/build-plan.ts';
import { compareOutputs, type OutputContent, type OutputSnapshot } from './declared-outputs.ts';
import { judgeKills } from './judge-kills.ts';
import { killMoments } from './kill-moments.ts';
import type { Ledger } from './ledger.ts';
import type { TaskOrder } from './task-orders.ts';
import type { Proof, TaskFailure, TaskProof } from './verify-report.ts';
import type { Halt, VerifyRequest } from './verify-request.ts';
import type { Workbench } from './workbench.ts';

/** What the tasks leave when each runs alone, one after the other: what everything else is compared with. */
export type Reference = {
  readonly database: ScratchDatabase;
  readonly outputs: OutputSnapshot;
  /** By task index: the tables and files that it wrote, and the tables that it read as far as that is known. */
  readonly writes: ReadonlyMap<number, ReadonlySet<string>>;
  readonly reads: ReadonlyMap<number, ReadonlySet<string>>;
};

type Halted = Halt | { readonly kind: 'task-failed'; readonly failure: TaskFailure };

/**
 * Runs the tasks one by one in two databases side by side:
 * 1. Both are equal. The task runs on the first one, the reference, which tells how long it takes and what it writes.
 * 2. On the second one it is killed at random moments, and then runs to its end. Both must be equal again.
 * 3. On the second one it runs once more. Both must still be equal.
 * 4. When they are not, the second one becomes a copy of the reference, so that the next task is judged by itself.
 */
export async function proveTasks(
  bench: Workbench,
  request: VerifyRequest,
  order: TaskOrder,
  ledger: Ledger,
): Promise<Result<Reference, Halted>> {
  const { plan, proofs, only } = request;
  const created = await bench.create('reference');
  if (!created.ok) return created;
  const reference = created.value;
  const outputs = new Map<string, OutputContent>();
  const writes = new Map<number, ReadonlySet<string>>();
  const reads = new Map<number, ReadonlySet<string>>();
  const done: Plan[] = [];
  const second = createTwin(bench, reference, done);
  let before: TableActivity = noActivity;
  for (const [at, index] of order.entries()) {
    const task = plan.tasks[index]!;
    const { id } = task.spec;
    const isChosen = only?.has(id) ?? true;
    const isTried = (proof: Proof) => isChosen && proofs.includes(proof);
    if (isTried('killed')) {
      const equal = await second.makeEqual();
      if (!equal.ok) return equal;
    }
    const readBefore = await bench.reads(reference);
    if (!readBefore.ok) return readBefore;
    const alone = planOf(plan, task);
    const ran = await bench.run(reference, alone, { sequential: true });
    if (!ran.ok) return ran;
    ledger.noteRun(ran.value);
    const [failure] = ran.value.failures;
    if (failure !== undefined) return failed({ kind: 'task-failed', failure });
    second.isEqual = false;
    done.push(alone);
    const activity = await bench.activity(reference);
    if (!activity.ok) return activity;
    const expected = await bench.snapshot(task.spec.outputs);
    if (!expected.ok) return expected;
    for (const [path, content] of expected.value) outputs.set(path, content);
    writes.set(index, new Set([...changed(before.versions, activity.value.versions), ...expected.value.keys()]));
    reads.set(index, changed(readBefore.value, activity.value.reads));
    before = activity.value;
    const durationMs = ran.value.durationsMs.get(id) ?? ran.value.durationMs;
    const context = { bench, request, ledger, task, alone, reference, second, expected: expected.value, durationMs };
    const killed = isTried('killed') ? await proveKilled(context) : ok(notKilled);
    if (!killed.ok) return killed;
    const twice = isTried('twice') ? await proveTwice(context) : ok('not-tried' as const);
    if (!twice.ok) return twice;
    const proof: TaskProof = {
      task: id,
      durationMs,
      writes: [...writes.get(index)!],
      killed: judgeKills(killed.value, twice.value, id, ledger.findings),
      twice: twice.value,
    };
    ledger.tasks.push(proof);
    request.onStep({ kind: 'tried-task', proof, at: at + 1, of: order.length });
  }
  await second.drop();
  for (const proof of ['twice', 'killed'] as const) if (proofs.includes(proof)) ledger.proofs.add(proof);
  return ok({ database: reference, outputs, writes, reads });
}

type TaskContext = {
  readonly bench: Workbench;
  readonly request: VerifyRequest;
  readonly ledger: Ledger;
  readonly task: PlannedTask;
  readonly alone: Plan;
  readonly reference: ScratchDatabase;
  readonly second: Twin;
  readonly expected: OutputSnapshot;
  readonly durationMs: number;
};

const notKilled: TaskProof['killed'] = { result: 'not-tried', atMs: [], tooLate: 0 };

async function proveKilled(context: TaskContext): Promise<Result<TaskProof['killed'], Halt>> {
  const { bench, request, alone, second, task, durationMs } = context;
  const { seed, kills } = request;
  const atMs: number[] = [];
  let tooLate = 0;
  const database = second.database!;
  for (const moment of killMoments(seed, task.spec.id, kills, durationMs)) {
    request.onStep({ kind: 'doing', text: `${task.spec.id} is killed ${moment} ms after its start` });
    const ran = await bench.run(database, alone, { sequential: true, killAfterMs: moment });
    if (!ran.ok) return ran;
    if (ran.value.isComplete) tooLate += 1;
    else atMs.push(moment);
  }
  const result = await runAndCompare('killed', context);
  return result.ok ? ok({ result: result.value, atMs, tooLate }) : result;
}

async function proveTwice(context: TaskContext): Promise<Result<TaskProof['twice'], Halt>> {
  const equal = await context.second.makeEqual();
  if (!equal.ok) return equal;
  return runAndCompare('twice', context);
}

/** Runs the task to its end on the second database, and compares it with the reference. */
async function runAndCompare(
  proof: 'twice' | 'killed',
  { bench, request, ledger, task, alone, reference, second, expected }: TaskContext,
): Promise<Result<'same' | 'differs' | 'failed', Halt>> {
  const { id, outputs } = task.spec;
  request.onStep({ kind: 'doing', text: `${id} runs ${proof === 'twice' ? 'a second time' : 'after it was killed'}` });
  const database = second.database!;
  second.isEqual = false;
  const ran = await bench.run(database, alone, { sequential: true });
  if (!ran.ok) return ran;
  ledger.noteRun(ran.value);
  const [failure] = ran.value.failures;
  if (failure !== undefined) {
    ledger.noteFailure(proof, failure);
    return ok('failed');
  }
  const compared = await bench.compare(reference, database);
  if (!compared.ok) return compared;
  ledger.noteComparison(compared.value);
  const written = await bench.snapshot(outputs);
  if (!written.ok) return written;
  const files = compareOutputs(expected, written.value);
  for (const difference of [...compared.value.differences, ...files]) {
    ledger.findings.push({ proof, tasks: [id], suspects: [], cause: { kind: 'differs', difference }, follows: [] });
  }
  second.isEqual = compared.value.differences.length === 0;
  return ok(second.isEqual && files.length === 0 ? 'same' : 'differs');
}

/** The database beside the reference. */
type Twin = {
  database: ScratchDatabase | undefined;
  /** Whether it has what the reference has. */
  isEqual: boolean;
  /** Makes it a copy of the reference, unless it is equal. */
  makeEqual(): Promise<Result<void, Halt>>;
  drop(): Promise<void>;
};

/** @param done what has run on the reference so far, in its order */
function createTwin(bench: Workbench, reference: ScratchDatabase, done: readonly Plan[]): Twin {
  let copies = 0;
  /** Where nothing can be copied, what has run before runs once more. */
  const runAgain = async (label: string): Promise<Result<ScratchDatabase, Halt>> => {
    const created = await bench.create(label);
    if (!created.ok) return created;
    for (const alone of done) {
      const ran = await bench.run(created.value, alone, { sequential: true });
      if (!ran.ok) return ran;
    }
    return created;
  };
  const twin: Twin = {
    database: undefined,
    isEqual: false,
    makeEqual: async () => {
      if (twin.isEqual) return ok(undefined);
      await twin.drop();
      copies += 1;
      const copied = await bench.copy(reference, `again${copies}`);
      if (!copied.ok) return copied;
      twin.database = copied.value;
      if (copied.value === undefined) {
        const again = await runAgain(`again${copies}`);
        if (!again.ok) return again;
        twin.database = again.value;
      }
      twin.isEqual = true;
      return ok(undefined);
    },
    drop: async () => {
      if (twin.database !== undefined) await bench.drop(twin.database);
      twin.database = undefined;
    },
  };
  return twin;
}

/** The plan of one task, as `run --only` has it; one that stands for its instances finds them in the file that is there. */
export function planOf({ pipeline, written }: Plan, { spec }: PlannedTask): Plan {
  const isOpen = written !== undefined && isPlaceholder(spec.instance);
  const { plan } = isOpen
    ? buildPlan(written.pipeline, { only: [spec.id] }, undefined, undefined, written.values)
    : buildPlan(pipeline, { only: [spec.id] });
  if (plan === undefined) throw new Error(`task "${spec.id}" of a plan cannot be planned alone`);
  return plan;
}

/** The names whose value is another one than before, or is new or gone. */
function changed<Value>(before: ReadonlyMap<string, Value>, after: ReadonlyMap<string, Value>): ReadonlySet<string> {
  const names = new Set([...before.keys(), ...after.keys()]);
  return new Set([...names].filter((name) => before.get(name) !== after.get(name)));
}
