import type { RunId, TaskId } from '../../model/ids.ts';
import { type AttemptRef, formatAttemptRef } from '../../model/ids.ts';

/**
 * Every process of an attempt inherits this variable, unless it clears its environment; the value is
 * `<runner>/<run>/<task>/<attempt>/<kill grace in ms>`. The runner is random, so that no two programs that run attempts
 * have the same; run, task, attempt and grace are there for whoever finds the process after its runner has died.
 */
export const markName = 'ETL_TUI_MARK';

export type ProcessMark = { readonly runner: string; readonly ref: AttemptRef; readonly killGraceMs: number };

export function formatMark({ runner, ref, killGraceMs }: ProcessMark): string {
  return `${runner}/${formatAttemptRef(ref)}/${killGraceMs}`;
}

/** The value for the shells of the slots themselves, and for an attempt until its program has been started. */
export function slotMark(runner: string): string {
  return `${runner}/slot`;
}

/** How the environment entry of every process of this runner begins. */
export function markPrefix(runner: string): string {
  return `${markName}=${runner}/`;
}

/** The mark in the text of a `/proc/<pid>/environ`; undefined when there is none. */
export function findMark(environ: string): ProcessMark | undefined {
  const entry = environ.split('\0').find((text) => text.startsWith(`${markName}=`));
  const [runner, run, task, attempt, grace] = entry?.slice(markName.length + 1).split('/') ?? [];
  if (!runner || !run || !task || !isCount(attempt) || !isCount(grace)) return undefined;
  return {
    runner,
    ref: { run: run as RunId, task: task as TaskId, attempt: Number(attempt) },
    killGraceMs: Number(grace),
  };
}

function isCount(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,12}$/.test(text);
}
