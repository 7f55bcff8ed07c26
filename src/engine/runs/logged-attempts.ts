import type { EpochMs, TaskId } from '../model/ids.ts';
import { isAdopted } from '../model/run/resume-decision.ts';
import type { RunEvent } from '../model/run/run-event.ts';
import type { OutputSource } from '../storage/logs/merged/output-piece.ts';

/** An attempt that may have printed something. It is over when nothing more comes, which a later event may tell. */
export type LoggedAttempt = {
  readonly task: TaskId;
  readonly attempt: number;
  readonly startedAt: EpochMs;
  readonly isOver: boolean;
};

export type LoggedAttempts = {
  add(event: RunEvent): void;
  /** The process of the run is dead. */
  endAll(): void;
  /** In the order in which they began; the same list, which grows. */
  readonly list: readonly LoggedAttempt[];
};

/** Collects the attempts of a run from its events, those as well that failed before they could start. */
export function collectAttempts(): LoggedAttempts {
  type Collected = { -readonly [Key in keyof LoggedAttempt]: LoggedAttempt[Key] };
  const list: Collected[] = [];
  const latest = new Map<TaskId, Collected>();

  const begin = (task: TaskId, attempt: number, startedAt: EpochMs): Collected => {
    const before = latest.get(task);
    if (before !== undefined && before.attempt >= attempt) return before;
    if (before !== undefined) before.isOver = true;
    const begun = { task, attempt, startedAt, isOver: false };
    list.push(begun);
    latest.set(task, begun);
    return begun;
  };
  const endAll = (): void => {
    for (const attempt of latest.values()) attempt.isOver = true;
  };
  return {
    list,
    endAll,
    add: (event) => {
      switch (event.type) {
        case 'run.continued':
          for (const attempt of latest.values()) attempt.isOver ||= !isAdopted(event.decisions, attempt.task);
          return;
        case 'task.started':
          begin(event.task, event.attempt, event.at);
          return;
        case 'task.backing-off':
          if (event.attempt > 1) begin(event.task, event.attempt - 1, event.at).isOver = true;
          return;
        case 'task.finished':
          if ('attempt' in event.outcome) begin(event.task, event.outcome.attempt, event.at).isOver = true;
          return;
        default:
          return;
      }
    },
  };
}

/** Their outputs, as one list that grows with them. */
export function outputSources(
  { list }: LoggedAttempts,
  pathOf: (task: TaskId, attempt: number) => string,
): () => readonly OutputSource[] {
  const sources: OutputSource[] = [];
  return () => {
    for (const logged of list.slice(sources.length)) {
      const { task, attempt, startedAt } = logged;
      sources.push({
        task,
        attempt,
        startedAt,
        path: pathOf(task, attempt),
        get isOver() {
          return logged.isOver;
        },
      });
    }
    return sources;
  };
}
