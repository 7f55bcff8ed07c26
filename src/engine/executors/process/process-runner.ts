import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { HostId } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { type LeaseMoment, leaseMoment } from '../../platform/lease-clock.ts';
import { makeDirectories } from '../../platform/make-directories.ts';
import { makeTemporaryDirectory } from '../../platform/private-files.ts';
import type { AttemptObserver, RunningAttempt, StartRequest } from '../../ports.ts';
import { startGuardian } from './cleanup/guardian.ts';
import { createLease, type LeaseOptions, leaseExpired, noLease } from './cleanup/lease.ts';
import { createOwnPids } from './cleanup/own-pids.ts';
import { openProcessTable, type ProcessTable } from './cleanup/process-table.ts';
import { exitedAttempt } from './exited-attempt.ts';
import { findProgram } from './find-program.ts';
import { findNamespaceTools, noNamespaceTools, pidNamespaceWrapper } from './isolation/pid-namespace.ts';
import type { OutputFlow } from './output/output-flow.ts';
import { createPipeSource } from './output/output-pipes.ts';
import { patternsByAttempt } from './output/patterns-by-attempt.ts';
import { formatMark, markName, markPrefix, slotMark } from './process-mark.ts';
import { type RunningProcess, runProcess } from './run-process.ts';
import { createDeathSignal } from './slots/death-signal.ts';
import { type ShellPrograms, writeShellPrograms } from './slots/shell-programs.ts';
import { slotInstruction } from './slots/slot-instruction.ts';
import { createSlotPool } from './slots/slot-pool.ts';
import { taskEnvironment } from './task-environment.ts';

const lookEveryMs = 250;

export type ProcessRunnerOptions = {
  /** The name of this machine in what is reported. */
  readonly host: HostId;
  /** Slots that are opened at once, while this process is small; further ones are opened when they are needed. */
  readonly slots: number;
  /** What every attempt gets, but for the variables that control etl-tui itself; bash is looked for on its PATH. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Replaced by `***` wherever an attempt or a message shows them, in the shapes of `compileSecrets`. */
  readonly secrets: readonly string[];
  /**
   * Absolute, and made when it does not exist. A private directory in it holds the report files and the programs of the
   * shells.
   */
  readonly directory: string;
  /** Absent: everything is read at once. */
  readonly flow?: OutputFlow;
  /** For a worker on a host that others count on; absent for a local run. */
  readonly lease?: LeaseOptions;
};

/** Runs attempts as processes of this machine: what the local executor and a worker on another host have in common. */
export type ProcessRunner = {
  /** The first part of the marks of its processes, see process-mark.ts. */
  readonly id: string;
  readonly processes: ProcessTable;
  /**
   * Never throws. After `close` the attempt ends at once, as by SIGTERM.
   * @param secrets of this attempt, beside those of the runner
   */
  run(request: StartRequest, observer: AttemptObserver, secrets?: readonly string[]): RunningAttempt;
  /**
   * With a lease: lets the attempts go on until `forMs` after `since`, which is the moment before the lease was asked for.
   * When that passes without a further call, the guardian sends them SIGTERM, and SIGKILL after the grace of the lease, also
   * while this process is stopped. From then on the lease is over for good: every attempt, also one that had ended by itself
   * just before, is reported as `lost` (`lease-expired`), and none is started; this returns false then. Before the first call it
   * has no end.
   */
  renewLease(forMs: number, since?: LeaseMoment): boolean;
  leaseIsOver(): boolean;
  /** Ends every attempt in its own grace, and then the slots and the guardian. */
  close(): Promise<void>;
};

/**
 * Fails with `run/no-shell` when there is no bash, which starts and guards every attempt, also one whose command is no
 * shell script; with `run/cannot-write` when the directory cannot be written.
 */
export function openProcessRunner(options: ProcessRunnerOptions): Result<ProcessRunner, Diagnostic> {
  const { env, host } = options;
  const bash = findProgram('bash', env);
  if (bash === undefined) return failed(noShell);
  const made = makePrivateDirectory(options.directory);
  if (!made.ok) return made;
  const { directory, programs } = made.value;
  const deathSignal = createDeathSignal(findProgram('setpriv', env));
  const pipes = createPipeSource(directory, deathSignal);
  // FIFOs are made by a program of their own, which runs while the guardian is started.
  if (options.slots > 0) pipes.prepare(options.slots);
  const id = randomBytes(8).toString('hex');
  const { inherited, perAttempt } = taskEnvironment(env);
  const guardian = startGuardian({
    bash,
    programs,
    mark: markPrefix(id),
    path: env['PATH'] ?? '',
    watchesLease: options.lease !== undefined,
  });
  const lease = options.lease === undefined ? noLease : createLease(options.lease, guardian);
  const ownPids = createOwnPids();
  const pool = createSlotPool({
    bash,
    programs,
    env: { ...inherited, [markName]: slotMark(id) },
    pipes,
    deathSignal,
    guardian,
    ownPids,
    openAtOnce: options.slots,
    ...(options.flow === undefined ? {} : { flow: options.flow }),
  });
  const processes = openProcessTable();
  const context = { host, pool, ownPids, processes, flow: options.flow };
  const patternsOf = patternsByAttempt(options.secrets);
  const running = new Map<RunningProcess, number>();
  let started = 0;
  let lookTimer: NodeJS.Timeout | undefined;
  let closing: Promise<void> | undefined;
  let onLastExit: () => void = () => undefined;

  /** What stands before the command of a request; undefined when the machine does not have what it takes. */
  const wrapperOf = ({ isolation }: StartRequest): readonly string[] | undefined => {
    if (isolation === undefined) return [];
    const tools = findNamespaceTools(env);
    return tools && pidNamespaceWrapper(bash, programs.pidNamespace(), programs.slot().name, tools);
  };

  /** One timer for all; it goes on for one more tick after the last attempt, because the next one often follows. */
  const lookAfterAttempts = () => {
    lookTimer ??= setInterval(() => {
      // Without their shells no end of an attempt is noticed, and nothing ends them when we die.
      guardian.keepAwake();
      for (const process of running.keys()) process.lookAfter();
      if (running.size > 0) return;
      clearInterval(lookTimer);
      lookTimer = undefined;
    }, lookEveryMs);
  };

  const close = async () => {
    const lastExit = new Promise<void>((resolve) => {
      onLastExit = resolve;
    });
    for (const [process, killGraceMs] of running) {
      process.terminate(lease.isOver() ? lease.capGrace(killGraceMs) : killGraceMs);
    }
    if (running.size > 0) await lastExit;
    clearInterval(lookTimer);
    await pool.close();
    await guardian.close();
    processes.close();
    rmSync(directory, { recursive: true, force: true });
  };

  return ok({
    id,
    processes,
    run: (request, observer, secrets = []) => {
      if (closing !== undefined) {
        observer.exited({ kind: 'signalled', signal: 'SIGTERM' });
        return exitedAttempt;
      }
      if (lease.isOver()) {
        observer.exited(leaseExpired(host));
        return exitedAttempt;
      }
      const { ref, killGraceMs } = request;
      // What the shells do when we are dead, or cannot do it ourselves.
      const orphanGraceMs = lease.capGrace(killGraceMs);
      const mark = formatMark({ runner: id, ref, killGraceMs: orphanGraceMs });
      const reportPath = join(directory, `report-${started++}`);
      const wrapper = wrapperOf(request);
      const instruction =
        wrapper === undefined
          ? failed(noNamespaceTools)
          : slotInstruction(
              bash,
              { ...request, killGraceMs: orphanGraceMs },
              {
                env: { ...perAttempt, ...request.env, ETL_TASK_REPORT: reportPath, [markName]: mark },
                wrapper,
                guardian: guardian.pid(),
              },
            );
      if (!instruction.ok) {
        observer.exited(instruction.error);
        return exitedAttempt;
      }
      let process: RunningProcess | undefined;
      let isOver = false;
      guardian.raiseGrace(orphanGraceMs);
      process = runProcess(
        { ...context, secrets: patternsOf(secrets) },
        { request, instruction: instruction.value, mark: `${markName}=${mark}`, reportPath },
        {
          ...observer,
          exited: (exit) => {
            isOver = true;
            if (process !== undefined) running.delete(process);
            observer.exited(lease.isOver() ? leaseExpired(host) : exit);
            if (running.size === 0) onLastExit();
          },
        },
      );
      if (!isOver) {
        running.set(process, killGraceMs);
        lookAfterAttempts();
      }
      return process;
    },
    renewLease: (forMs, since = leaseMoment()) => lease.renew(forMs, since),
    leaseIsOver: lease.isOver,
    close: () => {
      closing ??= close();
      return closing;
    },
  });
}

export const noShell: Diagnostic = {
  code: 'run/no-shell',
  severity: 'error',
  message: 'bash was not found on the PATH',
  hint: 'install bash, or add its directory to PATH; every task needs it, also commands in list form',
};

type PrivateDirectory = { readonly directory: string; readonly programs: ShellPrograms };

/** With a name that no runner had before, so that nothing a killed one left is mistaken for this one's. */
function makePrivateDirectory(parent: string): Result<PrivateDirectory, Diagnostic> {
  try {
    makeDirectories(parent);
    const directory = makeTemporaryDirectory(join(parent, 'tasks-'));
    return ok({ directory, programs: writeShellPrograms(directory) });
  } catch (error) {
    return failed({
      code: 'run/cannot-write',
      severity: 'error',
      message: `cannot write in "${parent}": ${(error as Error).message}`,
      hint: 'make the directory writable, or choose another one with --log-dir',
    });
  }
}
