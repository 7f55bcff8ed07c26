import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { sleep } from '../../platform/sleep.ts';
import type { RunDrive } from '../../queue/runs/drive-run.ts';
import { type OpenRun, openRun } from '../open-run.ts';
import type { RunRequest } from '../request/run-request.ts';
import { betweenParts, type RunBetweenParts } from './between-parts.ts';
import { copyQueuedRun } from './copy-queued-run.ts';
import { type FollowedRun, followQueuedRun } from './follow-queued-run.ts';
import { type QueuedRun, readQueuedRun } from './queued-run.ts';
import { switchingRun } from './switching-run.ts';

type Driven = { readonly run: OpenRun; readonly drive: RunDrive };
/** What this process is to the run: one orchestrator drives it, the others follow. */
type Part =
  | { readonly kind: 'driver'; readonly driven: Driven }
  | { readonly kind: 'follower'; readonly run: FollowedRun };

const tryAgainMs = 2_000;

/**
 * Opens a run that hosts share by the queue. A new one, and one that nobody drives, is driven by this process; one that another
 * process drives is followed. When that process dies, this one goes on with the run; when another one has taken the run from it,
 * because it was not heard of for its lease, it follows that one. Errors: those of `openRun` and of the queue.
 */
export async function openSharedRun(request: RunRequest): Promise<Result<OpenRun, Diagnostic>> {
  const { createRunDrive, describeDriver, findRow, isDriven, openRunsClient, queueAdapters } = await import(
    '../parts/queue-adapters.ts'
  );
  const opened = await openRunsClient(request.env);
  if (!opened.ok) return opened;
  const client = opened.value;
  const onWarning = (warning: Diagnostic) => request.onWarning?.(warning);
  /** Which driver was told of last. */
  let followed: string | undefined;

  const drive = async (resume: QueuedRun | undefined): Promise<Result<Driven, Diagnostic>> => {
    const mine = createRunDrive(client);
    const { resume: _, ...rest } = request;
    const wanted = resume === undefined ? rest : { ...rest, resume };
    const run = await openRun(wanted, queueAdapters(client, mine, onWarning));
    return run.ok ? ok({ run: run.value, drive: mine }) : run;
  };

  /** @param told how many events of the run were told here before */
  const join = async (run: string, told: number): Promise<Result<Part, Diagnostic>> => {
    const row = await findRow(client, { run });
    if (!row.ok) return row;
    if (row.value === undefined) return failed(isGone(run));
    const queued = await readQueuedRun(client, row.value);
    if (!queued.ok) return queued;
    const copied = await copyQueuedRun(client, request.logDir, queued.value);
    if (!copied.ok) return copied;
    // One that has ended since is told to its end: to begin with it again is for a person to say.
    const hasEnded = told > 0 && queued.value.state.phase.kind === 'finished';
    if (!isDriven(row.value) && !hasEnded) {
      const driven = await drive(queued.value);
      if (driven.ok) {
        followed = undefined;
        return ok({ kind: 'driver', driven: driven.value });
      }
      if (driven.error.code !== 'run/locked') return driven;
      // Its driver is a process of this machine that is stopped: it has lost the run, and still holds the files.
      await sleep(tryAgainMs);
    }
    const driver = describeDriver(row.value.driver);
    if (hasEnded) onWarning(isEnded(run));
    else if (driver !== followed) onWarning(isFollowed(run, driver));
    followed = driver;
    return ok({ kind: 'follower', run: await followQueuedRun(client, request, queued.value, told, onWarning) });
  };

  const begin = async (): Promise<Result<Part, Diagnostic>> => {
    if (request.resume !== undefined) return join(request.resume.run, 0);
    const driven = await drive(undefined);
    return driven.ok ? ok({ kind: 'driver', driven: driven.value }) : driven;
  };
  const part = await begin();
  if (!part.ok) {
    await client.close();
    return part;
  }

  const shared = switchingRun(runOf(part.value), () => client.close());
  const { run: name } = shared.run;
  /** Until it has a part again: the database may be away, or the other process just begins. */
  const rejoin = async (told: number, between: RunBetweenParts): Promise<void> => {
    for (;;) {
      const next = await join(name, told);
      if (between.isLeft() || shared.isClosed()) return next.ok ? runOf(next.value).leave() : undefined;
      if (next.ok) {
        shared.switchTo(runOf(next.value));
        keep(next.value);
        return;
      }
      onWarning({ ...next.error, severity: 'warning' });
      await sleep(tryAgainMs);
    }
  };
  const keep = (now: Part): void => {
    const run = runOf(now);
    const [lost, told] =
      now.kind === 'driver' ? [now.driven.drive.fenced, now.driven.drive.stored] : [now.run.orphaned, now.run.told];
    void lost.then(async () => {
      if (shared.isClosed()) return;
      const between = betweenParts(run, onWarning);
      shared.switchTo(between);
      await run.leave();
      await rejoin(told(), between);
    });
  };
  keep(part.value);
  return ok(shared.run);
}

function runOf(part: Part): OpenRun {
  return part.kind === 'driver' ? part.driven.run : part.run;
}

function isFollowed(run: string, driver: string): Diagnostic {
  return {
    code: 'queue/followed',
    severity: 'warning',
    message: `run ${run} is driven by ${driver}; this process follows it`,
    hint: 'it goes on with the run when that process dies',
  };
}

function isEnded(run: string): Diagnostic {
  return {
    code: 'queue/followed',
    severity: 'warning',
    message: `run ${run} was taken over and ended by another process; this process shows how`,
    hint: `etl-tui show ${run} prints its result`,
  };
}

function isGone(run: string): Diagnostic {
  return {
    code: 'run/unknown-run',
    severity: 'error',
    message: `run ${run} is not in the queue any more`,
    hint: 'start a new run',
  };
}
