import type { TaskId } from '../ids.ts';
import { ownValue } from '../own-value.ts';
import type { ReuseChange } from './reuse.ts';

/** What becomes of a task when its run is resumed; a task without a decision goes on as it was. */
export type ResumeDecision =
  /** It had succeeded, and nothing that it depends on has changed: it is not run again. */
  | { readonly kind: 'reused' }
  /** This attempt ran when the process that carried the run out died. It is not charged to the task. */
  | { readonly kind: 'interrupted'; readonly attempt: number }
  /** This attempt runs on another machine, whatever became of the process that started it, and is waited for. */
  | { readonly kind: 'adopted'; readonly attempt: number }
  | RerunReason;

/** Whether the attempt of the task that ran goes on. */
export function isAdopted(decisions: Readonly<Record<string, ResumeDecision>>, task: TaskId): boolean {
  return ownValue(decisions, task)?.kind === 'adopted';
}

/** Whether anything of the run went on while nobody carried it out. */
export function hasGoneOn(decisions: Readonly<Record<string, ResumeDecision>>): boolean {
  return Object.values(decisions).some(({ kind }) => kind === 'adopted');
}

/** Why a task starts anew, with all retries of its policy. */
export type RerunReason =
  /** How it had ended. */
  | { readonly kind: 'failed' | 'timed-out' | 'cancelled' | 'not-run' }
  /** What is written of it in the pipeline file now: its program, its variables or those of the pipeline, what it waits for. */
  | { readonly kind: 'command' | 'environment' | 'dependencies' }
  /** What is asked before it starts, or waited for outside the run, is another thing now. */
  | { readonly kind: 'condition' }
  /** These parameters have another value than before. */
  | { readonly kind: 'parameters'; readonly names: readonly string[] }
  /** A task that it depends on, directly or not, is run again for one of the reasons above. */
  | { readonly kind: 'upstream'; readonly task: TaskId }
  /** What it had set up was taken down by this task, and something needs it again. */
  | { readonly kind: 'torn-down'; readonly by: TaskId }
  /** It runs at the end, and this task runs before it. */
  | { readonly kind: 'end'; readonly task: TaskId }
  /** A file that it promises to write is gone. */
  | { readonly kind: 'output'; readonly path: string }
  /** A file that it declares as an input is not as it was when the task succeeded. */
  | Extract<ReuseChange, { readonly kind: 'input' }>;
