import { rm } from 'node:fs/promises';
import pLimit from 'p-limit';
import { compileSecrets } from '../../masking/compile-secrets.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { HostId } from '../../model/ids.ts';
import { type AttemptRef, formatAttemptRef } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import type { Exit } from '../../model/run/task-state.ts';
import { sleep } from '../../platform/sleep.ts';
import type { AttemptObserver, Executor, Host, RunningAttempt, StartRequest } from '../../ports.ts';
import { createAttemptBook } from '../process/attempt-book.ts';
import { exitedAttempt } from '../process/exited-attempt.ts';
import { createHostList } from '../process/host-list.ts';
import { formatMark, markName } from '../process/process-mark.ts';
import { openProcessRunner, type ProcessRunner } from '../process/process-runner.ts';
import { slotInstruction } from '../process/slots/slot-instruction.ts';
import { endJobsOf } from './end-jobs.ts';
import { jobEnvironment } from './job-environment.ts';
import { type JobFolder, jobFolder } from './job-folder.ts';
import { jobName, jobOptions } from './job-options.ts';
import { jobInstruction } from './job-program.ts';
import { openJobQueue } from './job-queue.ts';
import { SlurmAttempt } from './slurm-attempt.ts';
import { type ClusterSize, slurmCommands } from './slurm-commands.ts';
import { writeJobPrograms } from './write-job-programs.ts';

export type SlurmExecutorOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly secrets: readonly string[];
  /** Of the jobs of this run; absolute, and seen by every node under the same path. It outlives this process when it is killed. */
  readonly jobs: string;
  /** For what runs on this machine. */
  readonly directory: string;
  readonly onWarning?: (warning: Diagnostic) => void;
};

const host = 'slurm' as HostId;
/** An exit that was told is in the journal by then, so that nobody asks for the output again. */
const shrinkAfterMs = 30_000;
/** Nodes come and go. */
const refreshEveryMs = 60_000;
/** More jobs than these are never submitted at once, however large the cluster is. */
const maxSlots = 1_000;

/**
 * Runs attempts as jobs of Slurm, which chooses their nodes; its one host is the cluster. What is asked before a task starts
 * and in checks (their names hold a colon) runs on this machine: it is asked often, and a queue would make it slow.
 * Errors: `slurm/no-answer`, `run/cannot-write`.
 */
export async function openSlurmExecutor(options: SlurmExecutorOptions): Promise<Result<Executor, Diagnostic>> {
  const { env, jobs: directory, onWarning = () => undefined } = options;
  const commands = slurmCommands(env);
  const size = await commands.size();
  if (!size.ok) return failed(noAnswer(size.error, 'error'));
  const written = writeJobPrograms(directory);
  if (!written.ok) return written;
  const { script, program: programName } = written.value;

  let cluster = clusterOf(size.value);
  const { hosts, onHostsChanged, replace } = createHostList([cluster]);
  const change = (next: Host) => {
    cluster = next;
    replace([next]);
  };
  const refreshing = setInterval(async () => {
    const now = await commands.size();
    if (!now.ok || closing !== undefined) return;
    const next = clusterOf(now.value);
    const isSame = [...next.labels].sort().join() === [...cluster.labels].sort().join();
    if (!isSame || next.slots !== cluster.slots) change(next);
  }, refreshEveryMs).unref();
  const attempts = createAttemptBook();
  const running = new Map<string, SlurmAttempt>();
  const secrets = compileSecrets(options.secrets);
  const queue = openJobQueue(commands, running, (message) => onWarning(noAnswer(message, 'warning')));
  const submitting = pLimit(4);
  const context = {
    host,
    secrets,
    slotPath: `../${programName}`,
    cancel: queue.cancel,
    submit: (name: string, { path }: JobFolder, needs: StartRequest['needs']) =>
      submitting(() => commands.submit(jobOptions(name, path, needs), [script, path, programName])),
  };
  let local: Result<ProcessRunner, Diagnostic> | undefined;
  let closing: Promise<void> | undefined;
  let onLastExit: () => void = () => undefined;

  const startHere = (request: StartRequest, observer: AttemptObserver): RunningAttempt => {
    local ??= openProcessRunner({ host, slots: 0, env, secrets: options.secrets, directory: options.directory });
    if (local.ok) return local.value.run(request, observer);
    observer.exited({ kind: 'not-started', reason: 'shortage', message: local.error.message });
    return exitedAttempt;
  };

  const startJob = (key: string, request: StartRequest, observer: AttemptObserver): RunningAttempt => {
    const { ref, killGraceMs } = request;
    const folder = jobFolder(directory, ref);
    const mark = formatMark({ runner: 'slurm', ref, killGraceMs });
    const instruction = slotInstruction('bash', request, {
      env: { ...jobEnvironment(env), ...request.env, ETL_TASK_REPORT: folder.file('report'), [markName]: mark },
      wrapper: [],
      guardian: undefined,
    });
    if (!instruction.ok) {
      observer.exited(instruction.error);
      return exitedAttempt;
    }
    const exited: AttemptObserver['exited'] = (exit, at) => {
      running.delete(key);
      setTimeout(() => void folder.shrink().catch(() => undefined), shrinkAfterMs).unref();
      observer.exited(exit, at);
      if (running.size === 0) onLastExit();
    };
    const { program, text } = instruction.value;
    const spec = {
      request,
      name: jobName(ref),
      folder,
      instruction: jobInstruction(text, `${markName}=${mark}`),
      program,
    };
    const attempt = new SlurmAttempt(context, spec, { ...observer, exited });
    running.set(key, attempt);
    queue.lookAfter();
    return attempt;
  };

  const close = async () => {
    clearInterval(refreshing);
    change({ ...cluster, accepting: false });
    const lastExit = new Promise<void>((resolve) => {
      onLastExit = resolve;
    });
    for (const attempt of running.values()) attempt.terminate(attempt.request.killGraceMs);
    if (running.size > 0) await lastExit;
    // One that was submitted as it was given up is taken out of the queue.
    while (submitting.activeCount + submitting.pendingCount > 0) await sleep(20);
    await queue.close();
    if (local?.ok) await local.value.close();
    await rm(directory, { recursive: true, force: true }).catch(() => undefined);
  };

  return ok({
    runs: 'elsewhere',
    hosts,
    onHostsChanged,
    start: (request, on, first) =>
      attempts.start(request.ref, first, (observer) => {
        if (closing !== undefined) observer.exited({ kind: 'signalled', signal: 'SIGTERM' });
        else if (on !== host) observer.exited({ kind: 'lost', why: 'host-gone', message: `there is no host "${on}"` });
        else if (request.isolation !== undefined) observer.exited(notIsolated);
        else if (request.ref.task.includes(':')) return startHere(request, observer);
        else return startJob(formatAttemptRef(request.ref), request, observer);
        return undefined;
      }),
    adopt: async (run, observerOf, goesOn: (ref: AttemptRef) => boolean = () => false) => {
      const isOurs = (ref: AttemptRef) => running.has(formatAttemptRef(ref)) || goesOn(ref);
      const ended = await endJobsOf(run, commands, isOurs, observerOf);
      return ended.ok ? ended : failed(noAnswer(ended.error, 'error'));
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  });
}

function clusterOf({ cpus, features }: ClusterSize): Host {
  const slots = Math.max(1, Math.min(maxSlots, cpus));
  return { id: host, name: host, labels: features, slots, accepting: true };
}

const notIsolated: Exit = {
  kind: 'not-started',
  reason: 'usage',
  message: 'jobs of Slurm have no PID namespace of their own; Slurm ends what they leave',
};

function noAnswer(message: string, severity: Diagnostic['severity']): Diagnostic {
  return {
    code: 'slurm/no-answer',
    severity,
    message: `Slurm does not answer: ${message}`,
    hint: 'try sinfo on this machine; the programs of Slurm must be on the PATH, and slurmctld must be reachable',
  };
}
