import {
  type EpochMs,
  listRuns,
  ownValue,
  previewResume,
  type ResumableRun,
  type RunId,
  type RunRequest,
  type Selection,
  whyRerun,
} from '../../engine/index.ts';
import type { ScreenSetup } from '../../ui/config/choose-theme.ts';
import type { ResumeOffer } from '../../ui/offer/offer-rows.ts';
import type { OfferAnswer } from '../../ui/offer/offer-screen.tsx';
import type { Invocation } from '../invocation.ts';
import { loadPlan } from './load-plan.ts';
import { resumeCall } from './resume-run.ts';
import { runRequest } from './run-request.ts';

/** What a call says of the run that it wants. */
type OfferCall = Parameters<typeof runRequest>[1] &
  Selection & {
    readonly resume?: string | true;
    /** True with `--new`. */
    readonly new?: true;
    readonly param?: ReadonlyMap<string, string>;
    readonly checks: boolean;
  };

/** An older run is not worth a question: what it has loaded is out of date. It can be resumed by its name. */
const maxAgeMs = 24 * 3_600_000;

/**
 * On a screen, asks whether the latest run of the pipeline is to be resumed, when that failed or was interrupted in the last
 * day. Not when the call says which tasks or which values it wants, or says of reuse, nor when a secret would have to be given again: then the
 * answer is "new". Reads little, because whoever starts a run waits for it.
 */
export async function offerResume(
  named: string | undefined,
  request: RunRequest,
  call: OfferCall,
  setup: ScreenSetup,
  invocation: Invocation,
): Promise<{ readonly answer: OfferAnswer; readonly run?: RunId }> {
  const run = saysWhatItWants(call) ? undefined : await latestUnfinished(request);
  const found = run === undefined ? undefined : await resumeCall(named, { ...call, resume: run }, invocation);
  if (!found?.ok) return { answer: 'new' };
  const { given, selection, param, options, resume } = found.value;
  const { loaded } = loadPlan(given, invocation, selection, param);
  if (loaded === undefined) return { answer: 'new' };
  const offer = await offerOf(runRequest(loaded, { ...call, ...options }, invocation), resume);
  const { askOffer } = await import('../../ui/offer/offer-screen.tsx');
  return { answer: await askOffer(offer, { env: invocation.env, setup }), run: resume.run };
}

function saysWhatItWants({
  resume,
  new: isNew,
  param,
  sequential,
  reuse,
  only,
  from,
  until,
  skip,
}: OfferCall): boolean {
  return [resume, isNew, param, sequential, reuse, only, from, until, skip].some((one) => one !== undefined);
}

async function latestUnfinished({ logDir, plan }: RunRequest): Promise<RunId | undefined> {
  const now = Date.now() as EpochMs;
  const [latest] = await listRuns(logDir, 1, now);
  if (latest === undefined || latest.pipeline !== plan.pipeline.name) return undefined;
  const { run, status, startedAt = 0, durationMs = 0 } = latest;
  const isUnfinished = status === 'failed' || status === 'interrupted';
  return isUnfinished && now - (startedAt + durationMs) < maxAgeMs ? run : undefined;
}

async function offerOf(request: RunRequest, resumable: ResumableRun): Promise<ResumeOffer> {
  const { plan } = request;
  const decisions = await previewResume(request, resumable);
  const decided = plan.tasks.map(({ spec }) => ({ task: spec.id, decision: ownValue(decisions, spec.id) }));
  return {
    pipeline: plan.pipeline.name,
    run: resumable.run,
    status: resumable.state.phase.kind === 'finished' ? 'failed' : 'interrupted',
    endedAt: resumable.stoppedAt,
    now: Date.now(),
    tasks: plan.tasks.length,
    reused: decided.filter(({ decision }) => decision?.kind === 'reused').length,
    again: decided.flatMap(({ task, decision }) => {
      const why = decision === undefined || decision.kind === 'not-run' ? undefined : whyRerun(decision);
      return why === undefined ? [] : [{ task, why }];
    }),
  };
}
