import type { TaskId } from '../../model/ids.ts';
import type { Command, TaskSpec } from '../../model/pipeline/pipeline.ts';
import type { RunOptions } from '../../model/pipeline/plan.ts';
import type { ProgramFailure } from '../../model/run/task-state.ts';
import type { BackendTerminator, Clock, Executor, OutputLog, StartRequest } from '../../ports.ts';

/** What is needed to find out what tasks wait for. */
export type ConditionParts = {
  /** As written: what is run must not be masked. */
  readonly specOf: (task: TaskId) => TaskSpec;
  /** Absolute. */
  readonly projectDir: string;
  readonly executor: Executor;
  readonly clock: Clock;
  readonly logs: OutputLog;
  /** @param limitMs after which it is ended */
  readonly requestOf: (of: ConditionOf, command: Command, limitMs: number) => StartRequest;
  /** Looks up what `${param:…}` and `${env:…}` stand for. */
  readonly expand: (text: string) => string;
  /** The values of the parameters, as records have them. */
  readonly params: RunOptions['params'];
  /** Ends what a command that was ended has left running in the database; absent without one. */
  readonly sessions?: BackendTerminator;
};

/** `attempt` of the task is the one that would follow; `time` counts how often something was run for its condition. */
export type ConditionOf = {
  readonly kind: 'only_if' | 'wait_for';
  readonly task: TaskId;
  readonly attempt: number;
  readonly time: number;
};

/** What came of a look; a failure after which no further one can help. */
export type Found = 'yes' | 'no' | ProgramFailure;
