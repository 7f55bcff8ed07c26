import type { ResumeDecision } from '../../model/run/resume-decision.ts';
import { openOutputFiles } from '../../storage/fs/output-files.ts';
import { runPaths } from '../../storage/runs/run-paths.ts';
import { maskRun } from '../parts/run-masking.ts';
import type { RunRequest } from '../request/run-request.ts';
import { openReuseFiles } from '../reuse/open-reuse-files.ts';
import { findChangedFiles } from './changed-files.ts';
import type { ResumableRun } from './resumable-run.ts';
import { resumeDecisions } from './what-goes-on.ts';

/** What would become of the tasks of a run if it were resumed now. Starts and writes nothing. */
export async function previewResume(
  request: RunRequest,
  resume: ResumableRun,
): Promise<Readonly<Record<string, ResumeDecision>>> {
  const { projectDir, logDir } = request;
  const masking = maskRun(request, []);
  const roots = { projectDir, runDir: runPaths(logDir, resume.run).runDir };
  const files = { outputs: openOutputFiles(roots), reuse: openReuseFiles(request, roots), mask: masking.mask };
  const changedFiles = await findChangedFiles(request, resume, files);
  return resumeDecisions(request, resume, masking, changedFiles, request.executor !== undefined);
}
