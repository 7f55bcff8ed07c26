import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EpochMs, RunId } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import type { QueueClient } from '../../queue/queue-client.ts';
import type { QueuedPlan } from '../../queue/runs/queue-journal.ts';
import type { QueuedEvent } from '../../queue/runs/read-queued-run.ts';
import type { RunRow } from '../../queue/runs/run-table.ts';
import { foldRun } from '../../runs/fold-run.ts';
import { storedPlans } from '../../runs/stored-plans.ts';
import { optionsOf } from '../../scheduler/state/run-terms.ts';
import { knowledgeOf } from '../../storage/journal/known-events.ts';
import type { ResumableRun } from '../resume/resumable-run.ts';

/** A run as the queue stores it: what happened, and the pipelines with which it did. */
export type QueuedRun = ResumableRun & {
  readonly pipeline: string;
  readonly stored: { readonly plans: readonly QueuedPlan[]; readonly events: readonly QueuedEvent[] };
};

/**
 * Reads all that the queue has of a run. Errors: `queue/unreachable`, `run/newer-journal` when a newer etl-tui tells what this one does
 * not know, `run/unknown-run` when it had not begun or its pipeline cannot be understood.
 */
export async function readQueuedRun(client: QueueClient, row: RunRow): Promise<Result<QueuedRun, Diagnostic>> {
  const { readEvents, readPlans } = await import('../../queue/runs/read-queued-run.ts');
  const { run, pipeline, beatAt } = row;
  // The plan of an event is stored before it.
  const events = await readEvents(client, run);
  if (!events.ok) return events;
  const plans = await readPlans(client, run);
  if (!plans.ok) return plans;
  const known = knownEvents(run, events.value);
  if (!known.ok) return known;
  const [started] = known.value;
  if (started?.type !== 'run.started') return failed(unreadable(run, 'it had not begun'));
  const copyOf = (number: number) => plans.value.find((plan) => plan.number === number);
  const rebuilt = storedPlans((number) => ({ ...copyOf(number), path: `plan ${number}` }), started, known.value);
  if (!rebuilt.ok) return failed(unreadable(run, rebuilt.error));
  const { type: _, at: _at, pipeline: _p, run: _r, seed, ...terms } = started;
  const folded = { plans: rebuilt.value.all, options: optionsOf(terms, { run, seed }), events: known.value };
  const state = foldRun(folded);
  const last = known.value.at(-1)!.at;
  const stoppedAt = state.phase.kind === 'finished' ? last : (Math.max(last, Math.min(beatAt, Date.now())) as EpochMs);
  const stored = { plans: plans.value, events: events.value };
  return ok({ ...folded, run, pipeline, state, stoppedAt, stored });
}

/** Those of unknown types are passed over, as in a file. Error: `run/newer-journal`. */
export function knownEvents(run: RunId, events: readonly QueuedEvent[]): Result<readonly RunEvent[], Diagnostic> {
  const known: RunEvent[] = [];
  for (const { event } of events) {
    const knowledge = knowledgeOf(event);
    if (knowledge === 'unknown-value') return failed(tooNew(run));
    if (knowledge === 'known') known.push(event as unknown as RunEvent);
  }
  return ok(known);
}

function tooNew(run: RunId): Diagnostic {
  return {
    code: 'run/newer-journal',
    severity: 'error',
    message: `run ${run} has events that this version of etl-tui does not know`,
    hint: 'update etl-tui here',
  };
}

function unreadable(run: RunId, why: string): Diagnostic {
  return {
    code: 'run/unknown-run',
    severity: 'error',
    message: `run ${run} cannot be read from the queue: ${why}`,
    hint: 'start a new run',
  };
}
