import { nameList } from '../../display/format/name-list.ts';
import { resumeLines } from '../../display/resume-text.ts';
import { taskCountText } from '../../display/task-count-text.ts';
import {
  displayText,
  ownValue,
  previewResume,
  type ResumableRun,
  type RunRequest,
  shownParams,
} from '../../engine/index.ts';
import { safeJson } from '../output/safe-json.ts';
import type { Style } from '../output/style.ts';
import { paramLines } from './param-lines.ts';

const maxNames = 12;

/** What would become of the tasks of a run that is resumed; nothing of it has happened. */
export async function dryResumeLines(
  request: RunRequest,
  resume: ResumableRun,
  { paint }: Style,
): Promise<readonly string[]> {
  const { plan } = request;
  const decisions = await previewResume(request, resume);
  const open = plan.tasks.flatMap(({ spec }) => {
    const kind = ownValue(decisions, spec.id)?.kind;
    return kind === undefined || kind === 'not-run' ? [spec.id] : [];
  });
  return [
    `${paint.bold(displayText(plan.pipeline.name))}: run ${resume.run} with ${taskCountText(plan.tasks.map(({ spec }) => spec))}; a dry run, nothing is run`,
    ...paramLines(request),
    '',
    ...resumeLines({ decisions }).map(displayText),
    ...(open.length === 0 ? [] : [displayText(`still to run or skipped: ${nameList(open, maxNames)}`)]),
  ];
}

/** The same for programs, as one line of JSON. */
export async function dryResumeJson(request: RunRequest, resume: ResumableRun): Promise<string> {
  const { plan } = request;
  return safeJson({
    type: 'run.planned',
    pipeline: plan.pipeline.name,
    planHash: plan.hash,
    params: shownParams(request),
    resume: resume.run,
    tasks: plan.tasks.map(({ spec }) => spec.id),
    decisions: await previewResume(request, resume),
  });
}
