import type {
  EpochMs,
  ExitVerdict,
  OpenRun,
  OutputTail,
  PruneReport,
  Regression,
  RunEvent,
  RunState,
  SlaJudgement,
  TaskId,
  TimeLeft,
} from '../../engine/index.ts';
import type { Style } from '../output/style.ts';

/** Reports a run while it goes on: a function of its events, and of the state, which may be ahead of them. */
export type Reporter = {
  readonly report: (event: RunEvent, state: RunState) => void;
  /** Called every few seconds; a reporter for people prints what is running when nothing was printed for long. */
  readonly onTick: (now: EpochMs, state: RunState) => void;
  /** Called once, last, when the run's files are written. */
  readonly onEnd: (end: RunEnd) => void;
};

export type RunEnd = {
  readonly state: RunState;
  readonly verdict: ExitVerdict;
  readonly exitCode: number;
  /** How the run stood to its SLAs at its end; empty without any. */
  readonly slas: readonly SlaJudgement[];
  /** What has become slower than in earlier runs. */
  readonly regressions: readonly Regression[];
  /** What the retention of the pipeline has deleted; absent without one. */
  readonly pruned?: PruneReport;
  /** Where the files are that its tasks left for each other; absent when there are none. */
  readonly runDir?: string;
  /** Those that were written. */
  readonly files: Pick<OpenRun['files'], 'journal' | 'directory'> &
    Partial<Pick<OpenRun['files'], 'result' | 'consistency' | 'performance'>> & {
      readonly handoffs?: readonly string[];
    };
};

/** What a reporter has besides events. */
export type ReporterContext = {
  readonly run: OpenRun['run'];
  /** For people; undefined when the pipeline has no use for one. */
  readonly database: string | undefined;
  /** The phases that the run leaves out, for people. */
  readonly leftOut: readonly string[];
  readonly style: Style;
  readonly write: (text: string) => void;
  /** How long the run will still take; undefined when it cannot be estimated. */
  readonly timeLeft: () => TimeLeft | undefined;
  /** How the run stands to its SLAs; empty without any. */
  readonly slas: () => readonly SlaJudgement[];
  readonly tail: (task: TaskId, attempt: number) => OutputTail;
  /** Absolute; undefined when there is no such file: the attempt has printed nothing, or it could not be written. */
  readonly logPath: (task: TaskId, attempt: number) => string | undefined;
  /** The call that resumes the run once it has failed or was cancelled; absent where there is none. */
  readonly resumeHint?: string;
  /** A path as people should see it, safe on a terminal. */
  readonly shown: (path: string) => string;
  /** The path of a source file as GitHub wants it in an annotation: relative to the checked out repository. */
  readonly annotated: (file: string) => string;
};
