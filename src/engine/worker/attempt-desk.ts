import type { ProcessRunner } from '../executors/process/process-runner.ts';
import { runDirVariable } from '../model/pipeline/run-dir-path.ts';
import type { Exit } from '../model/run/task-state.ts';
import { makeDirectories } from '../platform/make-directories.ts';
import type { AttemptObserver, RunningAttempt } from '../ports.ts';
import type { OutputWriter } from '../queue/output/write-output.ts';
import { decodeAttempt, type WireTarget } from '../queue/wire/decode-attempt.ts';
import { refOf, type WireAttempt } from '../queue/wire/wire-form.ts';
import { capOutput } from './cap-output.ts';

export type AttemptDesk = {
  /** Carries out an attempt; resolves to its exit when all that it told is stored. */
  run(key: string, wire: WireAttempt): Promise<Exit>;
  /** Ends an attempt; one that has not begun never will. Once for each grace. Of one that is over, the exit is told again. */
  stop(key: string, graceMs: number): void;
  /** What has not begun from now on is given back. */
  drain(): void;
  /** Those of these that it does not carry out. */
  strays(keys: readonly string[]): readonly string[];
  /** Tells the exit of each of these once more, or that it is lost: it was taken for this worker, and never got here. */
  reportStrays(keys: readonly string[]): void;
  /** Ends everything in its own grace, or within `mostMs`. */
  stopAll(mostMs?: number): void;
  running(): number;
  /** Whether all of it was told. */
  isOver(key: string): boolean;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
};

/** Of attempts that are over: what is asked of one comes soon after, if at all. */
const mostRemembered = 10_000;

const longestTimerMs = 2 ** 31 - 1;

type DeskOptions = {
  readonly runner: ProcessRunner;
  readonly writer: OutputWriter;
  /** What this worker puts in, and what it refuses. */
  readonly target: WireTarget;
  readonly onBegin: (key: string) => void;
  readonly onEnd: (key: string, exit: Exit) => void;
};

/** Carries out the attempts of a worker, and tells all of each, in order, ending with its exit: exactly one, whatever happens. */
export function createAttemptDesk({ runner, writer, target, onBegin, onEnd }: DeskOptions): AttemptDesk {
  const running = new Map<string, { attempt?: RunningAttempt; readonly graceMs: number }>();
  const over = new Map<string, Exit>();
  const stops = new Map<string, number>();
  const taken = new Map<string, Promise<Exit>>();
  const idle: (() => void)[] = [];
  let isDraining = false;

  const tellExit = (key: string, exit: Exit) => {
    over.set(key, exit);
    if (over.size > mostRemembered) over.delete(over.keys().next().value!);
    writer.append(key, 'exit', Buffer.from(JSON.stringify(exit)));
  };

  const carryOut = (key: string, wire: WireAttempt): Promise<Exit> =>
    new Promise((resolve) => {
      const decoded = decodeAttempt(refOf(key), wire, target);
      if (!decoded.ok) return resolve(decoded.error);
      const { request, secrets, runDir } = decoded.value;
      const cannotMake = request.env[runDirVariable] === runDir ? makeRunDir(runDir) : undefined;
      if (cannotMake !== undefined) return resolve(cannotMake);
      const entry: { attempt?: RunningAttempt; readonly graceMs: number } = { graceMs: wire.killGraceMs };
      running.set(key, entry);
      onBegin(key);
      let backstop: NodeJS.Timeout | undefined;
      const output = capOutput((stream, chunk) => writer.append(key, stream, chunk));
      const observer: AttemptObserver = {
        spawned: ({ pid }) => writer.append(key, 'spawned', Buffer.from(String(pid))),
        output: output.write,
        reported: (report) => writer.append(key, 'report', Buffer.from(JSON.stringify(report))),
        exited: (exit) => {
          clearTimeout(backstop);
          output.end();
          running.delete(key);
          onEnd(key, exit);
          resolve(exit);
        },
      };
      entry.attempt = runner.run(request, observer, secrets);
      const { backstopMs, killGraceMs } = wire;
      // Its orchestrator ends it long before, if it lives.
      if (backstopMs !== undefined && running.has(key)) {
        backstop = setTimeout(() => entry.attempt?.terminate(killGraceMs), Math.min(backstopMs, longestTimerMs));
      }
      const graceMs = stops.get(key);
      if (graceMs !== undefined) entry.attempt.terminate(graceMs);
    });

  const take = async (key: string, wire: WireAttempt): Promise<Exit> => {
    const exit = isDraining ? givenBack : await carryOut(key, wire).catch(bug);
    tellExit(key, exit);
    await writer.flushed();
    taken.delete(key);
    if (running.size === 0) for (const resolve of idle.splice(0)) resolve();
    return exit;
  };

  return {
    run: (key, wire) => {
      // Taken once more, when a failover of the database has lost that it was.
      const first = taken.get(key);
      if (first !== undefined) return first;
      // It was ended before it began, or the failover has lost how it ended as well.
      const told = over.get(key);
      if (told !== undefined) {
        tellExit(key, told);
        return Promise.resolve(told);
      }
      const exit = take(key, wire);
      taken.set(key, exit);
      return exit;
    },
    stop: (key, graceMs) => {
      if ((stops.get(key) ?? Number.POSITIVE_INFINITY) <= graceMs) return;
      stops.set(key, graceMs);
      const entry = running.get(key);
      // Whoever asks has not heard of its exit: a failover of the database may have lost it.
      if (entry === undefined) tellExit(key, over.get(key) ?? stoppedBefore);
      else entry.attempt?.terminate(graceMs);
    },
    drain: () => {
      isDraining = true;
    },
    reportStrays: (keys) => {
      for (const key of keys) tellExit(key, over.get(key) ?? neverArrived);
    },
    strays: (keys) => keys.filter((key) => !taken.has(key)),
    stopAll: (mostMs = Number.POSITIVE_INFINITY) => {
      for (const { attempt, graceMs } of running.values()) attempt?.terminate(Math.min(graceMs, mostMs));
    },
    running: () => running.size,
    isOver: (key) => over.has(key),
    idle: () => (running.size === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve))),
  };
}

/** Where the tasks of a run leave files for each other; those of one host, unless hosts share the directory. */
function makeRunDir(path: string): Exit | undefined {
  try {
    makeDirectories(path);
    return undefined;
  } catch (error) {
    const message = `the directory of the run cannot be made: ${(error as Error).message}`;
    return { kind: 'not-started', reason: 'usage', message };
  }
}

const stoppedBefore: Exit = { kind: 'signalled', signal: 'SIGTERM' };
const givenBack: Exit = { kind: 'lost', why: 'host-gone', message: 'the worker is about to end, and has not begun it' };
const neverArrived: Exit = {
  kind: 'lost',
  why: 'runner-gone',
  message: 'the worker took it while the database went away',
};

function bug(error: Error): Exit {
  return { kind: 'lost', why: 'runner-gone', message: `the worker failed: ${error.message}` };
}
