import type { TaskId } from '../../../../src/engine/model/ids.ts';
import type { Intent } from '../../../../src/engine/model/run/messages.ts';
import type { RunEvent } from '../../../../src/engine/model/run/run-event.ts';
import type { RunState } from '../../../../src/engine/model/run/run-state.ts';
import { entryAt } from '../../../../src/engine/model/run/task-table.ts';
import type { AnswerWitness } from '../answers.ts';
import type { Incarnation } from '../incarnation.ts';
import type { Process, ProcessWitness } from '../processes.ts';
import { slackMs } from './judge-end.ts';
import { mustBeRefused } from './judge-wish.ts';
import { type Ledger, must, plannedOf, withDownstream } from './ledger.ts';

/**
 * Sees everything that happens in the world, and holds it against the invariants I1 to I26: by what is true, not by what
 * the scheduler believes. `accountEvent` judges what comes to the disk, this what is done and told.
 */
export type Witness = ProcessWitness &
  AnswerWitness & {
    readonly told: (event: RunEvent, isDurable: boolean, teller: Incarnation) => void;
    readonly wishes: (intent: Intent, before: RunState, refusal: string | undefined, after: RunState) => void;
    readonly boots: (state: RunState) => void;
  };

export function createWitness(ledger: Ledger, living: () => readonly Process[]): Witness {
  return {
    starts: (process) => judgeProcess(ledger, process, living()),
    isStopped: (process) => judgeStop(ledger, process),
    ended: (process) => judgeLife(ledger, process),
    // Whoever has lost the journal ends what is still on its way, and can tell nobody.
    isStoppedEarly: (task, attempt) => {
      if (ledger.lost.has(ledger.incarnation!)) ledger.stoppedEarly.add(`${task}#${attempt}`);
    },
    isLost: (task, attempt) => {
      const process = ledger.processes.get(`${task}#${attempt}`);
      must(ledger, process?.isAlive !== true, 'I24 what is told to be lost has ended', { task, attempt });
      ledger.losses.add(`${task}#${attempt}`);
    },
    asks: (check) => must(ledger, ledger.asked.has(check), 'I12 a check is asked when that is on the disk', check),
    asksNeed: (task, attempt) => {
      const isOnDisk = ledger.tasks.get(task)!.lastAsked === attempt;
      must(ledger, isOnDisk, 'I12 a task is asked when that is on the disk', { task, attempt });
    },
    answersNeed: (task, { kind }) => {
      ledger.tasks.get(task)!.answer = kind;
    },
    looksFor: (task) =>
      must(
        ledger,
        ledger.tasks.get(task)!.hasAwaited,
        'I12 what a task waits for is looked for when that is on the disk',
        {
          task,
        },
      ),
    told: (event, isDurable, teller) => {
      const isBroken = ledger.lost.has(teller);
      const isInformation = event.type === 'task.spawned' || event.type === 'task.progressed';
      must(ledger, isDurable || isInformation || isBroken, 'I12 nothing is told that is not on the disk', event);
      if (event.type === 'run.finished') {
        // One elsewhere that was to be adopted when the journal was lost is left to the next process.
        const isOurs = ({ host }: Process) => host === undefined || !isBroken;
        const left = living()
          .filter(isOurs)
          .map(({ task, attempt }) => ({ task, attempt }));
        must(ledger, left.length === 0, 'I6 nothing lives at the end of a run', left);
      }
      if (event.type !== 'task.finished' || event.outcome.kind !== 'succeeded' || isBroken) return;
      const truth = ledger.tasks.get(event.task)!;
      // It may have been reset in the same write.
      if (truth.done === 'succeeded') truth.told = event.outcome.attempt;
    },
    wishes: (intent, before, refusal, after) => {
      if (refusal !== undefined) must(ledger, after === before, 'I18 what is refused changes nothing', intent);
      else must(ledger, !mustBeRefused(before, intent), 'I18 a wish is granted only where it makes sense', intent);
      if (refusal === undefined) permit(ledger, intent);
    },
    boots: (state) => {
      for (const [task, { told }] of ledger.tasks) {
        if (told === undefined) continue;
        const { kind } = entryAt(state.tasks, state.plan.indexOf.get(task)!).state;
        must(ledger, kind === 'succeeded', 'I9 a success that was told is never lost', { task, kind });
      }
    },
  };
}

/** A process is about to start: what it needs is on the disk, and there is room for it in truth. */
function judgeProcess(ledger: Ledger, process: Process, living: readonly Process[]): void {
  const { task, attempt, owner } = process;
  const key = `${task}#${attempt}`;
  const who = { task, attempt };
  const truth = ledger.tasks.get(task)!;
  const limits = ledger.starts.get(key);
  must(ledger, !ledger.processes.has(key), 'I13 no attempt is started twice', who);
  ledger.processes.set(key, process);
  must(ledger, !living.some((other) => other.task === task), 'I2 no two processes of a task live', who);
  const isLeft = process.host === undefined && living.some((other) => other.owner !== owner);
  must(ledger, !isLeft, 'I2 what the dead have left is ended first', who);
  if (limits === undefined || truth.open !== attempt) {
    must(ledger, false, 'I12 a process starts when that is on the disk', who);
    return;
  }
  const { retries } = plannedOf(ledger, task).spec.retry;
  const had = { ...who, charged: truth.charged, retries };
  must(ledger, truth.fallback || truth.charged <= retries, 'I4 attempts are bounded', had);
  must(ledger, living.length < limits.slots, 'I3 slots are bounded', { ...who, slots: limits.slots });
  must(ledger, !limits.alone || living.length === 0, 'I3 what runs alone runs alone', who);
  const isBesideOne = living.some((other) => ledger.starts.get(`${other.task}#${other.attempt}`)?.alone);
  must(ledger, !isBesideOne, 'I3 what runs alone runs alone', who);
  judgeShares(ledger, task, limits.connections, living);
  judgeHost(ledger, process, living);
}

/** It runs where its labels are, and where a slot is free. */
function judgeHost(ledger: Ledger, { task, host }: Process, living: readonly Process[]): void {
  if (host === undefined) return;
  const { labels = [] } = plannedOf(ledger, task).spec;
  must(
    ledger,
    labels.every((label) => host.labels.has(label)),
    'I25 a task runs where its labels are',
    { task, labels },
  );
  const beside = living.filter((other) => other.host === host).length;
  must(ledger, beside < host.slots, 'I25 the slots of a host are bounded', { task, host: host.id, beside });
}

function judgeShares(ledger: Ledger, task: TaskId, budget: number, living: readonly Process[]): void {
  const { spec } = plannedOf(ledger, task);
  const others = living.map((other) => plannedOf(ledger, other.task).spec);
  for (const pool of spec.pools) {
    const holders = others.filter(({ pools }) => pools.includes(pool)).length;
    must(ledger, holders < ledger.plan.pipeline.pools.get(pool)!, 'I3 pools are bounded', { task, pool });
  }
  const held = others.reduce((sum, { connections }) => sum + connections, 0);
  const fits = spec.connections === 0 || held === 0 || held + spec.connections <= budget;
  must(ledger, fits, 'I3 connections are bounded', { task, held, budget });
}

function judgeStop(ledger: Ledger, { task, attempt }: Process): void {
  const { open, stopping } = ledger.tasks.get(task)!;
  const isOnDisk = open === attempt && stopping !== undefined;
  must(ledger, isOnDisk || ledger.lost.has(ledger.incarnation!), 'I12 a process is stopped when that is on the disk', {
    task,
    attempt,
  });
}

/** A process has ended: it lived no longer than its time and its grace allow. */
function judgeLife(ledger: Ledger, { task, owner, startedAt, end, host }: Process): void {
  // One elsewhere outlives who started it, and may be out of reach.
  if (owner.isDead() || end === undefined || host !== undefined) return;
  const { spec, end: atEnd } = plannedOf(ledger, task);
  const { timeoutMs, killGraceMs } = spec;
  const patience = killGraceMs + slackMs + owner.stoodStillMs();
  const cancelledAt = atEnd === undefined ? ledger.cancelledAt : ledger.endsGivenUpAt;
  must(ledger, end.at <= cancelledAt + patience, 'I6 a process ends when its run is cancelled', { task });
  const most = timeoutMs + patience;
  must(ledger, end.at - startedAt <= most, 'I6 a process ends at its timeout and its grace', {
    task,
    livedMs: end.at - startedAt,
    most,
  });
}

/** What a person asked for may happen from now on. */
function permit(ledger: Ledger, intent: Intent): void {
  const { plan, tasks } = ledger;
  const truthOf = (task: TaskId) => tasks.get(task)!;
  // When something runs again, so does what runs at the end, and what was taken down.
  if (intent.type === 'retry-task' || intent.type === 'skip-task' || intent.type === 'recheck') {
    for (const { spec, end } of plan.tasks) if (end ?? spec.setup) truthOf(spec.id).mayRerun = true;
  }
  switch (intent.type) {
    case 'cancel':
      ledger.mayCancel = true;
      return;
    case 'skip-task':
      truthOf(intent.task).maySkip = true;
      return;
    case 'cancel-task':
      truthOf(intent.task).mayCancel = true;
      return;
    case 'retry-task': {
      const index = plan.indexOf.get(intent.task)!;
      for (const one of intent.downstream ? withDownstream(plan, index) : [index]) {
        truthOf(plan.tasks[one]!.spec.id).mayRerun = true;
      }
      truthOf(intent.task).mayHurry = true;
      return;
    }
    case 'pause':
    case 'resume':
    case 'limit':
    case 'recheck':
      return;
  }
}
