import { join, relative } from 'node:path';
import type { AttemptRef, RunId, TaskId } from '../../model/ids.ts';
import type { Command } from '../../model/pipeline/pipeline.ts';
import { ok, type Result } from '../../model/result.ts';
import type { Exit } from '../../model/run/task-state.ts';
import type { StartRequest } from '../../ports.ts';

/** An attempt as it travels to a worker. */
export type WireAttempt = {
  readonly command: Command;
  /** Relative to the project directory. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly killGraceMs: number;
  readonly isolation?: 'pid';
};

type NotStarted = Extract<Exit, { readonly kind: 'not-started' }>;

export function encodeAttempt(request: StartRequest, projectDir: string): Result<WireAttempt, NotStarted> {
  const { command, cwd, env, killGraceMs, isolation } = request;
  return ok({
    command,
    cwd: relative(projectDir, cwd),
    env: { ...env },
    killGraceMs,
    ...(isolation === undefined ? {} : { isolation }),
  });
}

export function decodeAttempt(ref: AttemptRef, wire: WireAttempt, root: string): Result<StartRequest, NotStarted> {
  return ok({ ref, ...wire, cwd: join(root, wire.cwd) });
}

export function refOf(key: string): AttemptRef {
  const [run, task, attempt] = key.split('/');
  return { run: run as RunId, task: task as TaskId, attempt: Number(attempt) };
}
