import type { ResumeDecision } from '../../model/run/resume-decision.ts';
import { openOutputFiles } from '../../storage/fs/output-files.ts';
import { openInputFiles } from '../../storage/reuse/input-files.ts';
import { openReuseRecords } from '../../storage/reuse/reuse-records.ts';
import { runPaths } from '../../storage/runs/run-paths.ts';
import { maskRun } from '../parts/run-masking.ts';
import type { RunRequest } from '../request/run-request.ts';
import { findChangedFiles } from './changed-files.ts';
import type { ResumableRun } from './resumable-run.ts';
import { resumeDecisions } from './what-goes-on.ts';

/** What would become of the tasks of a run if it were resumed now. Starts and writes nothing. */
export async function previewResume(
  request: RunRequest,
  resume: ResumableRun,
): Promise<Readonly<Record<string, ResumeDecision>>> {
  const { projectDir, logDir, env } = request;
  const masking = maskRun(request, []);
  const { plan, mask } = masking;
  const roots = { projectDir, runDir: runPaths(logDir, resume.run).runDir };
  const reuse = {
    inputs: openInputFiles(roots),
    records: openReuseRecords(projectDir, plan.pipeline.name, env),
  };
  const changedFiles = await findChangedFiles(request, resume, { outputs: openOutputFiles(roots), reuse, mask });
  return resumeDecisions(request, resume, masking, changedFiles, request.executor !== undefined);
}
