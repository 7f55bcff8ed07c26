import { exitCodeOf } from '../../../../src/cli/exit-code.ts';
import { createStyle } from '../../../../src/cli/output/style.ts';
import type { Reporter, ReporterContext } from '../../../../src/cli/reporters/reporter.ts';
import type { OutputTail, SlaJudgement } from '../../../../src/engine/index.ts';
import { exitVerdict } from '../../../../src/engine/results/causes/exit-verdict.ts';
import { evolve } from '../../../../src/engine/scheduler/state/evolve.ts';
import { initialState } from '../../../../src/engine/scheduler/state/initial-state.ts';
import { type FakeRun, runOptions } from '../../../support/fake-run.ts';

type ReportOptions = {
  /** What the last attempt of each task printed. */
  readonly output?: Readonly<Record<string, string>>;
  readonly database?: string;
  readonly color?: boolean;
  /** The phases that the run leaves out. */
  readonly leftOut?: readonly string[];
  readonly slas?: readonly SlaJudgement[];
};

/** Has a reporter tell of a run from its first event to its last; returns what it wrote. */
export function reportRun(
  create: (reporterContext: ReporterContext) => Reporter,
  run: FakeRun,
  told: ReportOptions = {},
): string {
  let written = '';
  const reporter = create(scene(told, (text) => (written += text)));
  let state = initialState(run.plan, runOptions());
  for (const event of run.events) {
    state = evolve(state, event);
    reporter.report(event, state);
  }
  const verdict = exitVerdict(state, told.slas);
  const root = '/project/logs/etl';
  const files = {
    result: `${root}/parallel_run_x.json`,
    consistency: `${root}/consistency_x.json`,
    performance: `${root}/performance/execution_x.json`,
    directory: `${root}/runs/x`,
    journal: `${root}/runs/x/journal.jsonl`,
    pipeline: `${root}/runs/x/pipeline.yaml`,
    stored: `${root}/runs/x/pipeline.json`,
    tasks: `${root}/runs/x/tasks`,
  };
  reporter.onEnd({ state, verdict, exitCode: exitCodeOf(verdict), slas: told.slas ?? [], regressions: [], files });
  return written;
}

export function tailOf(output: ReportOptions['output'] = {}): (task: string) => OutputTail {
  return (task) => ({ stdout: output[task] ?? '', stderr: '', merged: output[task] ?? '' });
}

export function scene(
  { output, database, color = false, leftOut = [], slas = [] }: ReportOptions,
  write: (text: string) => void,
): ReporterContext {
  return {
    run: runOptions().run,
    database,
    leftOut,
    style: createStyle({ color, env: { FORCE_COLOR: color ? '1' : '0' }, isTerminal: false }),
    write,
    timeLeft: () => undefined,
    slas: () => slas,
    tail: tailOf(output),
    logPath: (task, attempt) => `/project/logs/etl/runs/x/tasks/${task}/${attempt}.log`,
    shown: (path) => path.replace('/project/', ''),
    annotated: (file) => file,
  };
}

/** What would do something to a terminal that shows it; line breaks do nothing. */
export const dangerous = /[^\P{Cc}\n]|\p{Bidi_Control}/u;
