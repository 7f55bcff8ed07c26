import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HostId, RunId, TaskId } from '../../src/engine/model/ids.ts';
import type { Command } from '../../src/engine/model/pipeline/pipeline.ts';
import { ok } from '../../src/engine/model/result.ts';
import type { Exit } from '../../src/engine/model/run/task-state.ts';
import type { AttemptObserver, Executor, OutputStream, RunningAttempt, StartRequest } from '../../src/engine/ports.ts';

/** What an attempt can do; each executor says by which command. */
export type ContractCommands = {
  /** Prints the text on both streams and exits with the code at once. */
  readonly print: (text: string, code: number) => Command;
  /** Prints `ready` on stdout, then runs until SIGTERM ends it. */
  readonly runUntilTerminated: Command;
  /** Prints `ready` on stdout, then runs until SIGKILL ends it. */
  readonly ignoreSigterm: Command;
  /** Cannot be started. */
  readonly unknown: Command;
};

const script = (text: string): Command => ({ kind: 'shell', script: text });

/** For executors that run real processes. */
export const shellCommands: ContractCommands = {
  print: (text, code) => script(`printf %s '${text}'; printf %s '${text}' >&2; exit ${code}`),
  runUntilTerminated: script('printf ready; exec sleep 300'),
  ignoreSigterm: script("trap '' TERM; printf ready; while :; do sleep 0.05; done"),
  unknown: { kind: 'argv', argv: ['no-such-program'] },
};

export type ExecutorUnderTest = {
  readonly executor: Executor;
  readonly commands: ContractCommands;
  /** Removes what the executor has left on purpose; the executor is closed already. */
  readonly dispose: () => void;
};

const withinMs = 60_000;
const terminated: Exit = { kind: 'signalled', signal: 'SIGTERM' };

/** What every executor must do, whatever runs the attempts. `open` opens one without attempts. */
export function describeExecutor(name: string, open: () => ExecutorUnderTest | Promise<ExecutorUnderTest>): void {
  describe(`an executor (${name})`, () => {
    it('has a host that accepts attempts, and none once it is closed', async () => {
      await use(open, async ({ executor }) => {
        const [host] = executor.hosts();
        expect(host).toMatchObject({ accepting: true });
        expect(host?.slots).toBeGreaterThan(0);
        let changes = 0;
        const unsubscribe = executor.onHostsChanged(() => {
          changes += 1;
        });
        let others = 0;
        executor.onHostsChanged(() => {
          others += 1;
        })();
        await executor.close();
        unsubscribe();
        expect(executor.hosts().some(({ accepting }) => accepting)).toBe(false);
        expect([changes, others]).toEqual([1, 0]);
      });
    });

    it('reports the process, the output and then the exit, once each', async () => {
      await use(open, async ({ start, commands, hostId }) => {
        const { ended, calls, spawnedOn } = start(commands.print('some text', 3));
        expect(await ended).toEqual({ kind: 'exited', code: 3 });
        // One that waits for its host may say so before.
        expect(calls.filter((call) => call !== 'reported')[0]).toBe('spawned');
        expect(calls.at(-1)).toBe('exited');
        expect(calls.filter((call) => call === 'spawned' || call === 'exited')).toHaveLength(2);
        expect(spawnedOn()).toBe(hostId);
      });
    });

    it('reports all output before the exit', async () => {
      await use(open, async ({ start, commands }) => {
        const all = Array.from({ length: 10 }, (_, index) => start(commands.print(`text ${index}`, 0)));
        for (const [index, { ended, output }] of all.entries()) {
          await ended;
          expect([output('stdout'), output('stderr')]).toEqual([`text ${index}`, `text ${index}`]);
        }
      });
    });

    it('reports nothing after the exit, whatever is called then', async () => {
      await use(open, async ({ start, commands, executor }) => {
        const { ended, calls, attempt } = start(commands.print('text', 0));
        await ended;
        const soFar = [...calls];
        expect(attempt.hasEnded()).toBe(true);
        attempt.terminate(0);
        await executor.close();
        expect(calls).toEqual(soFar);
      });
    });

    it('starts an attempt once, however often start is called', async () => {
      await use(open, async ({ start, commands }) => {
        const first = start(commands.runUntilTerminated, { task: 'twice' });
        const second = start(commands.runUntilTerminated, { task: 'twice' });
        await first.ready;
        second.attempt.terminate(withinMs);
        expect(await first.ended).toEqual(terminated);
        const third = start(commands.runUntilTerminated, { task: 'twice' });
        expect(third.attempt.hasEnded()).toBe(true);
        expect([first.output('stdout'), ...second.calls, ...third.calls]).toEqual(['ready']);
        expect(await start(commands.print('', 0), { task: 'twice', attempt: 2 }).ended).toMatchObject({ code: 0 });
      });
    });

    it('ends an attempt by SIGTERM, and by SIGKILL after the grace', async () => {
      await use(open, async ({ start, commands }) => {
        const polite = start(commands.runUntilTerminated);
        const stubborn = start(commands.ignoreSigterm);
        await Promise.all([polite.ready, stubborn.ready]);
        expect([polite.attempt.hasEnded(), stubborn.attempt.hasEnded()]).toEqual([false, false]);
        polite.attempt.terminate(withinMs);
        stubborn.attempt.terminate(50);
        expect(await polite.ended).toEqual(terminated);
        expect(await stubborn.ended).toEqual({ kind: 'signalled', signal: 'SIGKILL' });
      });
    });

    it('ends an attempt that has only just started', async () => {
      await use(open, async ({ start, commands }) => {
        const { attempt, ended } = start(commands.runUntilTerminated);
        attempt.terminate(50);
        expect(await ended).toMatchObject({ kind: 'signalled' });
      });
    });

    it('reports a program that cannot be started, and an unknown host, as an exit', async () => {
      await use(open, async ({ start, commands }) => {
        expect(await start(commands.unknown).ended).toMatchObject({ kind: 'not-started', reason: 'usage' });
        const elsewhere = start(commands.print('text', 0), { on: 'nowhere' as HostId });
        expect(await elsewhere.ended).toMatchObject({ kind: 'lost', why: 'host-gone' });
      });
    });

    it('ends every attempt when it is closed, and starts none afterwards', async () => {
      await use(open, async ({ start, commands, executor }) => {
        const running = start(commands.runUntilTerminated);
        const stubborn = start(commands.ignoreSigterm, { killGraceMs: 50 });
        await Promise.all([running.ready, stubborn.ready]);
        await executor.close();
        await executor.close();
        expect([running.calls.at(-1), stubborn.calls.at(-1)]).toEqual(['exited', 'exited']);
        const late = start(commands.print('late', 0));
        expect(await late.ended).toEqual(terminated);
        expect(late.output('stdout')).toBe('');
      });
    });

    it('adopts nothing of a run that has left nothing', async () => {
      await use(open, async ({ executor, start, commands, run }) => {
        const own = start(commands.runUntilTerminated);
        await own.ready;
        const observerOf = () => {
          throw new Error('nothing to observe');
        };
        expect(await executor.adopt('20260105_110000_none' as RunId, observerOf)).toEqual(ok([]));
        expect(await executor.adopt(run, observerOf)).toEqual(ok([]));
        expect(own.attempt.hasEnded()).toBe(false);
      });
    });
  });
}

type StartOptions = Partial<{ task: string; attempt: number; killGraceMs: number; on: HostId }>;

type Started = {
  readonly attempt: RunningAttempt;
  /** Kinds of calls of the observer, in order; several chunks of output in a row count as one. */
  readonly calls: readonly string[];
  readonly output: (stream: OutputStream) => string;
  readonly spawnedOn: () => HostId | undefined;
  /** Resolves when it has printed `ready`. */
  readonly ready: Promise<void>;
  readonly ended: Promise<Exit>;
};

type Use = ExecutorUnderTest & {
  /** Of another name in each test: elsewhere, what was started once is found again. */
  readonly run: RunId;
  readonly hostId: HostId;
  readonly start: (command: Command, options?: StartOptions) => Started;
};

let opened = 0;

async function use(
  open: () => ExecutorUnderTest | Promise<ExecutorUnderTest>,
  test: (tested: Use) => Promise<void>,
): Promise<void> {
  opened += 1;
  const run = `20260105_${String(opened).padStart(6, '0')}_${randomBytes(2).toString('hex')}` as RunId;
  const tested = await open();
  const { executor } = tested;
  const hostId = executor.hosts()[0]!.id;
  let unnamed = 0;
  const start = (command: Command, options: StartOptions = {}): Started => {
    const { task = `task-${unnamed++}`, attempt = 1, killGraceMs = 50, on = hostId } = options;
    const ref = { run, task: task as TaskId, attempt };
    return observe((observer) =>
      executor.start({ ref, command, cwd: '/', env: {}, killGraceMs } satisfies StartRequest, on, observer),
    );
  };
  try {
    await test({ ...tested, run, hostId, start });
  } finally {
    await executor.close();
    tested.dispose();
  }
}

function observe(begin: (observer: AttemptObserver) => RunningAttempt): Started {
  const calls: string[] = [];
  const texts = { stdout: '', stderr: '' };
  let host: HostId | undefined;
  let onReady: () => void = () => undefined;
  let onEnded: (exit: Exit) => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    onReady = resolve;
  });
  const ended = new Promise<Exit>((resolve) => {
    onEnded = resolve;
  });
  const attempt = begin({
    spawned: (process) => {
      calls.push('spawned');
      host = process.host;
    },
    output: (stream, chunk) => {
      if (calls.at(-1) !== 'output') calls.push('output');
      texts[stream] += Buffer.from(chunk).toString();
      if (texts.stdout.includes('ready')) onReady();
    },
    reported: () => calls.push('reported'),
    exited: (exit) => {
      calls.push('exited');
      onEnded(exit);
    },
  });
  return { attempt, calls, output: (stream) => texts[stream], spawnedOn: () => host, ready, ended };
}
