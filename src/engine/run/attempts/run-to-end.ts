import type { EpochMs } from '../../model/ids.ts';
import type { Exit } from '../../model/run/task-state.ts';
import type { Clock, Executor, OutputStream, StartRequest } from '../../ports.ts';
import { chooseHost } from '../../runtime/choose-host.ts';

export type Ended = {
  readonly exit: Exit;
  /** Whether it was ended because it took too long. */
  readonly timedOut: boolean;
};

type Runner = {
  readonly executor: Executor;
  readonly clock: Clock;
  readonly output: (stream: OutputStream, chunk: Uint8Array) => void;
  /** How long it may take, of the time that this process is awake. */
  readonly timeoutMs: number;
};

/**
 * Runs a command that is no attempt of a task: for a check, or for what a task waits for before it starts. Calls `onEnd`
 * once, when nothing of it is left. Returns the way to end it before its time.
 */
export function runToEnd(
  request: StartRequest,
  { executor, clock, output, timeoutMs }: Runner,
  onEnd: (ended: Ended) => void,
): { stop(): void } {
  let timedOut = false;
  let timer: { cancel(): void } | undefined;
  const attempt = executor.start(request, chooseHost(executor), {
    spawned: () => undefined,
    reported: () => undefined,
    output,
    exited: (exit) => {
      timer?.cancel();
      onEnd({ exit, timedOut });
    },
  });
  const end = () => {
    if (attempt.hasEnded()) return;
    timedOut = true;
    attempt.terminate(request.killGraceMs);
  };
  if (!attempt.hasEnded()) timer = clock.setTimer((clock.now() + timeoutMs) as EpochMs, end, 'awake');
  return { stop: () => attempt.terminate(request.killGraceMs) };
}
