/** The engine's front door: all that the command line and the screen may use of it. */

export type { LeftOutColumn, RowExample, RowValues } from './database/compare/table-content.ts';
export { clientEnvironment } from './database/connection/libpq-variables.ts';
export type { DatabaseStatus } from './database/database-commands.ts';
export { findPsql } from './database/find-psql.ts';
export type { SqlSession } from './database/sql-session.ts';
export { fine, type ProbeResult, type ProbeState, resultFrom, resultOf } from './doctor/probe-result.ts';
export { type CapacityReport, openCapacity } from './lazy-capacity.ts';
export {
  databaseStatus,
  databaseUrl,
  openDatabase,
  openSqlSession,
  startDatabase,
  stopDatabase,
} from './lazy-database.ts';
export { examineProject } from './lazy-doctor.ts';
export { migrateQueue, pruneQueue } from './lazy-queue.ts';
export {
  earlierAnswer,
  finishRequest,
  lockRequests,
  pickRequest,
  prepareRequest,
  refuseRequest,
} from './lazy-requests.ts';
export { checkPipeline, learnPast, openRun, previewRequest, previewResume, previewReuse } from './lazy-run.ts';
export {
  compareStoredRuns,
  findQueuedRun,
  findResumableRun,
  findRun,
  followRun,
  followTask,
  listRuns,
  nameRuns,
  nameTasks,
  openReplay,
  pruneRuns,
  readTrends,
  rebuildResults,
  reportRun,
  runDetails,
} from './lazy-runs.ts';
export { verifyPipeline } from './lazy-verify.ts';
export { startWorker } from './lazy-worker.ts';
export { isSecretName } from './masking/find-secrets.ts';
export { maskDiagnostics } from './masking/mask-diagnostics.ts';
export { maskEnvironment } from './masking/mask-environment.ts';
export type { Diagnostic, Location } from './model/diagnostic.ts';
export type { EpochMs, HostId, LevelId, RunId, TaskId } from './model/ids.ts';
export { ownValue } from './model/own-value.ts';
export { variableOfParam } from './model/params/param-variables.ts';
export { type ColumnPattern, parseColumnPattern } from './model/pipeline/column-pattern.ts';
export { isPlaceholder } from './model/pipeline/matrix.ts';
export type { Retention } from './model/pipeline/pipeline.ts';
export { type Plan, type Selection, withLines } from './model/pipeline/plan.ts';
export { isReusable } from './model/pipeline/reusable.ts';
export { failed, ok, type Result } from './model/result.ts';
export type { CheckResult } from './model/run/check-result.ts';
export { type HostState, hostName } from './model/run/host-state.ts';
export type { Intent } from './model/run/messages.ts';
export { mediansOf, type PastRuns } from './model/run/past-runs.ts';
export type { ResourceSample } from './model/run/resource-sample.ts';
export type { ResumeDecision } from './model/run/resume-decision.ts';
export { type EndOfAttempt, endOfAttempt, type RunEvent } from './model/run/run-event.ts';
export type { CheckState, RunState } from './model/run/run-state.ts';
export type { Staleness } from './model/run/staleness.ts';
export { type FailureCause, hasFailed, isOutcome, type Outcome, type TaskState } from './model/run/task-state.ts';
export { entryAt, type TaskEntry } from './model/run/task-table.ts';
export { awayBetween } from './model/run/time-away.ts';
export type { WaitCause } from './model/run/wait-times.ts';
export type { ScreenAction, ScreenConfig, ScreenVocabulary, ThemeName } from './model/screen-config.ts';
export { describeAwaited, describeCommand } from './model/text/describe-awaited.ts';
export { didYouMean } from './model/text/did-you-mean.ts';
export { type ColouredText, displayColoured, displayLines, displayText } from './model/text/display-text.ts';
export { formatCountdown, formatDuration, formatLimit } from './model/text/format-duration.ts';
export { formatShare, formatSize } from './model/text/format-size.ts';
export type { TextColour, TextLook } from './model/text/text-look.ts';
export { unreachable } from './model/unreachable.ts';
export { type FoundPipeline, findPipeline, usualPlaces } from './pipeline/find-pipeline.ts';
export { pipelineCopy } from './pipeline/pipeline-copy.ts';
export { planPipeline } from './pipeline/plan-pipeline.ts';
export { criticalPath } from './plan/critical-path.ts';
export { executionWaves } from './plan/execution-waves.ts';
export { type PipelineChange, pipelineChanges } from './plan/pipeline-changes.ts';
export { learnedOrder } from './plan/rank-tasks.ts';
export { selectedTasks } from './plan/selected-tasks.ts';
export { formatMinute, formatMoment, formatTime } from './platform/format-moment.ts';
export { packageDirectory } from './platform/package-directory.ts';
export type { Host, OutputTail } from './ports.ts';
export type { PrunedQueue } from './queue/prune-queue.ts';
export type { PreparedRequest, RequestRefusal } from './requests/prepare-request.ts';
export { handoffsDirectory, type RequestProject } from './requests/request-project.ts';
export { describeDecision, whyRerun } from './results/causes/describe-decision.ts';
export { describeCheckNotRun, describeNotRun, describeNotRunShort } from './results/causes/describe-not-run.ts';
export {
  describeCause,
  describeFailure,
  describeNotNeeded,
  describeOutcome,
  describeOverload,
  describeWaited,
} from './results/causes/describe-outcome.ts';
export { whyNotReused, whyReused } from './results/causes/describe-reuse.ts';
export { type ExitVerdict, exitVerdict } from './results/causes/exit-verdict.ts';
export { rootCausesOf, wasNotRun } from './results/causes/root-causes.ts';
export type { ConsistencyReport } from './results/files/consistency-report.ts';
export type { PerformanceRecord } from './results/files/performance-record.ts';
export { runResult } from './results/files/run-result.ts';
export { isoTime } from './results/files/time-format.ts';
export { commandLine } from './results/handoffs/command-line.ts';
export type { DeliverableResult } from './results/requests/deliverables.ts';
export type { TaskPeaks } from './results/resource-peaks.ts';
export type { SlaJudgement } from './results/slas/sla-judgement.ts';
export { lacksLastGood, stalenessOfCheck } from './results/staleness.ts';
export {
  type ComparableRun,
  compareRuns,
  type RunComparison,
  type TaskComparison,
} from './results/trends/compare-runs.ts';
export { findRegressions } from './results/trends/find-regressions.ts';
export type { Regression } from './results/trends/regression.ts';
export type { TaskTrend, Trend } from './results/trends/run-trends.ts';
export type { OpenRun } from './run/open-run.ts';
export type { RequestPreview } from './run/preview-request.ts';
export { resolveParams } from './run/request/resolve-params.ts';
export type { LeaveOut, RunRequest } from './run/request/run-request.ts';
export { shownParams } from './run/request/shown-params.ts';
export { readSurroundings, type Surroundings } from './run/request/surroundings.ts';
export type { ResumableRun } from './run/resume/resumable-run.ts';
export type { ReusePreview } from './run/reuse/preview-reuse.ts';
export type { PastRunSource, PlaybackPosition, RunSource } from './run/run-source.ts';
export { type InputLook, lookAtInputs } from './run/watch/look-at-inputs.ts';
export { unfinishedAfter, type WhyAgain, whatRunsAgain } from './run/watch/what-runs-again.ts';
export type { StoredComparison } from './runs/compare-stored-runs.ts';
export type { RunListing } from './runs/list-runs.ts';
export type { PruneReport } from './runs/pruning/prune-runs.ts';
export type { TrendsReport } from './runs/read-trends.ts';
export type { RunReport } from './runs/report-run.ts';
export { resumeCommand } from './runs/resume-command.ts';
export type { RunDetails } from './runs/run-details.ts';
export { explainCause, explainWait } from './scheduler/admission/explain-wait.ts';
export { type LimitUse, limitUses, slotLimit } from './scheduler/admission/limit-uses.ts';
export { readyTasks } from './scheduler/admission/ready-tasks.ts';
export type { Saving } from './simulation/find-savings.ts';
export type { TimeLeft } from './simulation/time-left.ts';
export { configSchema } from './spec/config/config-shape.ts';
export { readScreenConfig, usualConfig } from './spec/config/read-config.ts';
export type { IncludedFile } from './spec/include/included-file.ts';
export { parseAge, parseDuration } from './spec/schema/duration-shape.ts';
export { pipelineSchema } from './spec/schema/pipeline-schema.ts';
export { parseSize } from './spec/schema/size-shape.ts';
export { writeError } from './storage/fs/cannot-write.ts';
export { closeHandoff } from './storage/handoffs/handoff-files.ts';
export { findHandoff, listHandoffs, type StoredHandoff } from './storage/handoffs/list-handoffs.ts';
export { type IncomingFile, openIncoming } from './storage/handoffs/requests/incoming.ts';
export { type RequestFile, readRequestFile } from './storage/handoffs/requests/request-file.ts';
export { existingLog } from './storage/logs/attempt-log-path.ts';
export { logFiles } from './storage/logs/log-parts.ts';
export { type LineReader, type LogLine, openLogReader as openLog } from './storage/logs/log-reader.ts';
export type { OutputStamp } from './storage/logs/stamps/output-stamp.ts';
export { changesBetween, type FileChange, type FileLook, openChangeWatch } from './storage/watch/change-watch.ts';
export { lookAtFiles } from './storage/watch/look-at-files.ts';
export type { Difference, Finding, Proof, TaskProof, VerifyReport, VerifyStep } from './verify/verify-report.ts';
