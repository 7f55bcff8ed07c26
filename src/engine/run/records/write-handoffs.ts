import { dirname, resolve } from 'node:path';
import { queueVariable } from '../../database/connection/connection-address.ts';
import { namesOf } from '../../masking/find-secrets.ts';
import type { RunState } from '../../model/run/run-state.ts';
import type { PerformanceRecord } from '../../results/files/performance-record.ts';
import type { Handoff, HandoffInput, HandoffPlaces } from '../../results/handoffs/handoff-document.ts';
import { receiverOf } from '../../results/handoffs/handoff-document.ts';
import { handoffsOfRun } from '../../results/handoffs/handoffs-of-run.ts';
import { maskDocument } from '../../results/handoffs/mask-document.ts';
import { newRegressions } from '../../results/handoffs/new-regressions.ts';
import type { RunParts } from '../parts/acquire-parts.ts';
import type { RunAdapters } from '../parts/run-adapters.ts';
import { placeVariables } from '../request/place-variables.ts';
import { expandEnv } from '../request/resolve-params.ts';
import type { RunRequest } from '../request/run-request.ts';
import { createHandoffKeeper } from './handoff-keeper.ts';
import { createNotifier } from './send-notifications.ts';
import type { RunFiles } from './write-run-files.ts';

/** Tells others how a run has ended, by files and by notifications. */
export type HandoffWriter = {
  /**
   * To be called after each end of the run, when its results are written. Waits for the files only, and returns the paths
   * of those that are active.
   */
  onResults(state: RunState, files: Pick<RunFiles, 'performance' | 'written'>): Promise<readonly string[]>;
  /** Resolves when every notification has arrived, or cannot. */
  settled(): Promise<unknown>;
  /** Gives up the notifications that are being sent. */
  giveUp(): void;
};

type RunHistory = Pick<HandoffInput, 'events'> &
  Pick<HandoffPlaces, 'logPath'> & {
    /** The records of earlier runs of the pipeline, newest last. */
    readonly past: () => Promise<readonly PerformanceRecord[]>;
  };

const tellsNobody: HandoffWriter = { onResults: async () => [], settled: async () => {}, giveUp: () => {} };

export function createHandoffWriter(
  request: RunRequest,
  { handoffs: store, deliver }: Pick<RunAdapters, 'handoffs' | 'deliver'>,
  parts: Pick<RunParts, 'run' | 'clock' | 'database' | 'masking' | 'logs' | 'runDir' | 'onWarning'>,
  { events, past, logPath }: RunHistory,
): HandoffWriter {
  const { plan, projectDir, params, leaveOut = {} } = request;
  const { pipeline } = plan;
  const { run, clock, database, masking, logs, runDir, onWarning } = parts;
  if (leaveOut.notify === true || !wantsToTell(request)) return tellsNobody;
  const directory = resolve(projectDir, pipeline.handoffs?.directory ?? '.');
  const keeper = createHandoffKeeper(directory, store, onWarning);
  const places = placeVariables({ pipelineDir: dirname(request.pipelinePath), runDir });
  const notifier = createNotifier(plan, {
    run,
    deliver,
    // Whoever has the address of the queue can run commands on every worker.
    context: { cwd: projectDir, env: { ...request.env, [queueVariable]: undefined } },
    env: {
      ...expandEnv(pipeline.env, params, { ...request.env, ...places }),
      ...places,
    },
    onWarning,
  });
  const names = new Set<string>([...namesOf(plan), run]);

  return {
    onResults: async (state, { performance: record, written }) => {
      const earlier = leaveOut.analysis === true ? [] : await past();
      const input: HandoffInput = {
        state,
        events,
        record,
        slas: record.slas ?? [],
        regressions: newRegressions(record.regressions ?? [], earlier),
        past: earlier,
        now: clock.now(),
        places: {
          projectDir,
          ...(database === undefined ? {} : { database: database.description }),
          ...(written.consistency === undefined ? {} : { consistency: written.consistency }),
          logPath,
          output: logs.tail,
        },
      };
      const handoffs = handoffsOfRun(input).map((handoff) => maskHandoff(handoff, names, masking.mask));
      const inFiles = handoffs.filter(
        ({ document, isForTask }) =>
          isForTask !== true && receiverOf(pipeline.handoffs, document.handoff) !== undefined,
      );
      const paths = await keeper.update(inFiles, state);
      notifier.tell(handoffs, paths);
      return [...paths.values()];
    },
    settled: notifier.settled,
    giveUp: notifier.giveUp,
  };
}

function wantsToTell({ plan: { pipeline, tasks } }: RunRequest): boolean {
  const { handoffs, notify = [] } = pipeline;
  const { onFailure, onDegradation, onSuccess } = handoffs ?? {};
  if (onFailure !== undefined || onDegradation !== undefined || onSuccess !== undefined) return true;
  return notify.length > 0 || tasks.some(({ spec }) => spec.notify !== undefined);
}

function maskHandoff(handoff: Handoff, names: ReadonlySet<string>, mask: (text: string) => string): Handoff {
  return { ...handoff, document: maskDocument(handoff.document, names, mask) };
}
