/** The engine's front door: all that the command line and the screen may use of it. */
export { type CheckRequest, checkPipeline } from './check-pipeline.ts';
export {
  type DatabaseStatus,
  databaseStatus,
  databaseUrl,
  findPsql,
  startDatabase,
  stopDatabase,
} from './database/database-commands.ts';
export { openDatabase } from './database/open-database.ts';
export { type FoundPipeline, findPipeline } from './find-pipeline.ts';
export type { ConsistencyReport } from './history/consistency-report.ts';
export { describeCause, describeOutcome } from './history/describe-outcome.ts';
export type { ExitVerdict } from './history/exit-verdict.ts';
export type { RunResult } from './history/run-result.ts';
export type { CheckResult } from './model/check-result.ts';
export type { Diagnostic, Location } from './model/diagnostic.ts';
export { didYouMean } from './model/did-you-mean.ts';
export { displayLines, displayText } from './model/display-text.ts';
export type { EpochMs, LevelId, RunId, TaskId } from './model/ids.ts';
export type { Plan } from './model/plan.ts';
export { failed, ok, type Result } from './model/result.ts';
export type { RunEvent } from './model/run-event.ts';
export type { CheckState, RunState } from './model/run-state.ts';
export type { FailureCause, Outcome, TaskState } from './model/task-state.ts';
export { entryAt, type TaskEntry } from './model/task-table.ts';
export { unreachable } from './model/unreachable.ts';
export type { Intent } from './model/vocabulary.ts';
export { type OpenRun, openRun, type RunRequest } from './open-run.ts';
export { criticalPath } from './plan/critical-path.ts';
export type { Selection } from './plan/select-tasks.ts';
export { simulatePlan } from './plan/simulate-plan.ts';
export { wavesOf } from './plan/waves-of.ts';
export { planPipeline } from './plan-pipeline.ts';
export type { OutputTail } from './ports.ts';
export { resolveParams } from './resolve-params.ts';
export { explainWait } from './scheduler/explain-wait.ts';
