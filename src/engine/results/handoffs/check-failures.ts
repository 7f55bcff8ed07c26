import type { TaskId } from '../../model/ids.ts';
import type { PlannedCheck } from '../../model/pipeline/plan.ts';
import type { CheckResult } from '../../model/run/check-result.ts';
import { rootCausesOfRun } from '../causes/root-causes.ts';
import { type Blocked, blockedTasks, failedNames } from './blocked-tasks.ts';
import { checkCommand, rerunCommand } from './command-line.ts';
import { type Handoff, type HandoffHeader, type HandoffInput, header } from './handoff-document.ts';

/** A check that failed: the data is wrong, the machinery worked. Or one that could not be asked. */
export type CheckFailedDocument = HandoffHeader &
  Blocked & {
    readonly handoff: 'data_check_failed';
    readonly failed_check: string;
    /** `error`: it could not be asked, and nothing is known of the data. */
    readonly status: 'fail' | 'error';
    readonly kind: string;
    /** What its author expects of the data, in their words. */
    readonly expected: string | null;
    /** One line: what was found. */
    readonly finding: string;
    /** Counts, ages and the first offending keys. */
    readonly measured: CheckResult['measured'];
    /** The tasks whose work was looked at; empty for a check at the end of the run. */
    readonly after: readonly TaskId[];
    /** Whether tasks were held back until it passes. */
    readonly gate: boolean;
    /** Other tasks and checks of the run that failed; each has a document of its own. */
    readonly also_failed: readonly string[];
    readonly report: string | null;
    readonly action_required: string;
    readonly check_command: string;
  };

const maxDocuments = 20;

/** The checks that failed or had an error, in the order of the pipeline; at most 20. Those that only warn are not told. */
export function checkFailures(input: HandoffInput): readonly Handoff<CheckFailedDocument>[] {
  const { state } = input;
  const failed = state.plan.checks.flatMap((check) => {
    const found = state.checks[check.index]!;
    if (found.kind !== 'done') return [];
    const { verdict } = found.result;
    return verdict === 'fail' || verdict === 'error' ? [{ check, result: found.result, verdict }] : [];
  });
  if (failed.length === 0) return [];
  const blocked = blockedTasks(state);
  return failed.slice(0, maxDocuments).map(({ check, result, verdict }) => ({
    trigger: 'failure',
    subject: check.spec.name,
    tasks: tasksOf(check, input),
    document: describe(input, check, result, verdict, blocked('check', check.spec.name)),
  }));
}

function describe(
  input: HandoffInput,
  check: PlannedCheck,
  { summary, measured }: CheckResult,
  status: 'fail' | 'error',
  blocked: Blocked,
): CheckFailedDocument {
  const { state, places } = input;
  const { name, definition, description } = check.spec;
  const after = tasksOf(check, input);
  const command = checkCommand(state);
  // What a failed task has not done is missing for the checks, too.
  const failedTasks = rootCausesOfRun(state).flatMap((cause) => (cause.kind === 'task' ? [cause.task] : []));
  const first = failedTasks.length === 0 ? '' : `fix the failed tasks first, they may be the cause; `;
  const rerun = after.length === 0 ? '' : `, and load again: ${rerunCommand(state, after)}`;
  return {
    ...header(input, 'data_check_failed', {
      urgency: blocked.blocked_count > 0 ? 'high' : failedTasks.length > 0 ? 'low' : 'normal',
      summary:
        status === 'fail' ? `the data is wrong: ${name}: ${summary}` : `${name} could not be checked: ${summary}`,
    }),
    failed_check: name,
    status,
    kind: definition.kind,
    expected: description ?? null,
    finding: summary,
    measured,
    after,
    gate: check.gates.length > 0,
    ...blocked,
    also_failed: failedNames(state).filter((other) => other !== name),
    report: places.consistency ?? null,
    action_required:
      status === 'fail'
        ? `do not use the data; ${first}correct it at its source${rerun}, then check again: ${command}`
        : `the data was not checked; ${first}correct the check or the database, then check again: ${command}`,
    check_command: command,
  };
}

function tasksOf(check: PlannedCheck, { state }: HandoffInput): readonly TaskId[] {
  return check.atEnd ? [] : check.after.map((index) => state.plan.tasks[index]!.spec.id);
}
