import type { Exit } from '../../model/run/task-state.ts';
import { startAwakeTimer } from '../../platform/awake-timer.ts';
import type { AttemptObserver, RunningAttempt, StartRequest } from '../../ports.ts';
import { tenthsOf } from '../process/slots/slot-instruction.ts';
import { exitOfUnseen, isOver } from './job-end.ts';
import type { JobFolder } from './job-folder.ts';
import { type JobReader, readJob } from './job-reader.ts';
import { isTransient, type QueuedJob } from './slurm-commands.ts';
import type { SeenQueue, SlurmContext } from './slurm-context.ts';

/** A job that has not ended so long after its grace is killed by Slurm. */
const reserveMs = 5_000;
const submitEveryMs = 5_000;
/** For so long a controller that does not answer is asked again. */
const submitWithinMs = 300_000;
/** A job that is to be killed by a Slurm that is not there is given up after this time. */
const giveUpAfterMs = 120_000;
/** A job that waits longer says so. */
const tellAfterMs = 5_000;
/** So often Slurm has to say that a job is over: its last words may still be on their way to us. */
const timesSaid = 2;

export type JobSpec = {
  readonly request: StartRequest;
  readonly name: string;
  readonly folder: JobFolder;
  /** The content of the file `instruction`. */
  readonly instruction: string;
  /** The first word of the command. */
  readonly program: string;
};

/**
 * One attempt as a job of Slurm:
 *
 * 1. Its folder is made. When it is there already, an earlier orchestrator has submitted the job, or was about to.
 * 2. The job is submitted; of an earlier orchestrator only when `squeue` does not know it and nothing of it is to be seen.
 * 3. `look` tells what has come into its files, until they say that nothing of it runs any more.
 * 4. When `squeue` says that the job is over and the files do not, `claim` decides whether it ever began.
 * 5. `exited`, exactly once.
 *
 * `terminate` takes the claim, so that the command never begins; when it has begun, its shell gets SIGTERM, and in the end Slurm kills it.
 */
export class SlurmAttempt implements RunningAttempt {
  readonly request: StartRequest;
  readonly #context: SlurmContext;
  readonly #spec: JobSpec;
  readonly #reader: JobReader;
  readonly #tell: (message: string) => void;
  readonly #createdAt = performance.now();
  /** What was told last of its wait. */
  #told: string | undefined;
  readonly #ids = new Set<string>();
  #isOver = false;
  /** Answers of `squeue` count that were asked for after this moment; undefined while the job is being submitted. */
  #waitsSince: number | undefined;
  #isSubmitted = false;
  /** When it is submitted again, because Slurm was not there. */
  #submitAt = Number.POSITIVE_INFINITY;
  #submitUntil: number | undefined;
  #timesSaid = 0;
  #sent: 'SIGTERM' | 'SIGKILL' | undefined;
  #killAt = Number.POSITIVE_INFINITY;
  #killedAt = Number.POSITIVE_INFINITY;
  #killTimer: { cancel(): void } | undefined;

  constructor(context: SlurmContext, spec: JobSpec, observer: AttemptObserver) {
    this.request = spec.request;
    this.#context = context;
    this.#spec = spec;
    this.#reader = readJob(context, spec.folder, { program: spec.program, cwd: spec.request.cwd }, observer);
    this.#tell = (message) => observer.reported({ message });
    void this.#begin();
  }

  hasEnded(): boolean {
    return this.#isOver || this.#reader.hasEnded();
  }

  hasBegun(): boolean {
    return this.#isOver || this.#reader.hasBegun();
  }

  terminate(graceMs: number): void {
    if (this.#isOver) return;
    const isFirst = this.#sent === undefined;
    const afterMs = graceMs + (isFirst ? reserveMs : 0);
    if (performance.now() + afterMs < this.#killAt) {
      this.#killAt = performance.now() + afterMs;
      this.#killTimer?.cancel();
      this.#killTimer = startAwakeTimer(afterMs, () => {
        this.#sent = 'SIGKILL';
        this.#killedAt = performance.now();
        this.#signal();
      });
    }
    this.#sent ??= 'SIGTERM';
    if (isFirst) void this.#stop(graceMs);
  }

  /** Tells what is new. @param queue the last that is known of Slurm's queue */
  async look(queue: SeenQueue | undefined): Promise<void> {
    const exit = this.#isOver ? undefined : await this.#reader.read();
    if (this.#isOver) return;
    if (exit !== undefined) return this.#finish(exit);
    const isSilent = queue === undefined || queue.askedAt < this.#killedAt;
    if (isSilent && performance.now() > this.#killedAt + giveUpAfterMs) return this.#finish(givenUp);
    if (performance.now() >= this.#submitAt) return this.#submit().catch(() => undefined);
    if (queue === undefined || this.#waitsSince === undefined || queue.askedAt <= this.#waitsSince) return;
    this.#waitsSince = queue.askedAt;
    await this.#judge(queue.jobs.get(this.#spec.name) ?? []);
  }

  async #begin(): Promise<void> {
    try {
      if (await this.#spec.folder.create()) await this.#submit();
      else this.#waitsSince = performance.now();
    } catch (error) {
      const message = `the files of its job cannot be written: ${(error as Error).message}`;
      await this.#finish({ kind: 'not-started', reason: 'shortage', message });
    }
  }

  async #submit(): Promise<void> {
    const { folder, instruction, name, request } = this.#spec;
    this.#waitsSince = undefined;
    this.#submitAt = Number.POSITIVE_INFINITY;
    await folder.prepare(instruction);
    if (this.#sent !== undefined) await this.#giveUp({ kind: 'signalled', signal: this.#sent });
    if (this.#isOver) return;
    const submitted = await this.#context.submit(name, folder, request.needs);
    this.#waitsSince = performance.now();
    if (submitted.ok) {
      this.#isSubmitted = true;
      this.#timesSaid = 0;
      this.#ids.add(submitted.value);
      return this.#signal();
    }
    this.#submitUntil ??= performance.now() + submitWithinMs;
    const mayWork = isTransient(submitted.error);
    if (mayWork && performance.now() < this.#submitUntil) {
      this.#submitAt = performance.now() + submitEveryMs;
      this.#tellOnce(`waits for Slurm: ${submitted.error}`);
      return;
    }
    const message = `Slurm did not take the job: ${submitted.error}`;
    await this.#giveUp({ kind: 'not-started', reason: mayWork ? 'shortage' : 'usage', message });
  }

  /** The exit when it has not begun, and never will: a job that Slurm seemed to refuse may have arrived all the same. */
  async #giveUp(exit: Exit): Promise<void> {
    if (await this.#claim()) await this.#finish(exit);
  }

  async #stop(graceMs: number): Promise<void> {
    // As long as its folder is not made, the beginning sees that it is to end.
    await this.#spec.folder.writeGrace(tenthsOf(graceMs)).catch(() => undefined);
    await this.#giveUp({ kind: 'signalled', signal: 'SIGTERM' });
    this.#signal();
  }

  #claim(): Promise<boolean> {
    return this.#spec.folder.claim().catch(() => false);
  }

  #signal(): void {
    if (this.#sent === undefined || this.#ids.size === 0) return;
    this.#context.cancel([...this.#ids], this.#isOver || this.#sent === 'SIGKILL' ? 'now' : 'politely');
  }

  async #judge(jobs: readonly QueuedJob[]): Promise<void> {
    const alive = jobs.filter((job) => !isOver(job));
    for (const { id } of alive) this.#ids.add(id);
    if (alive.length > 0) {
      this.#isSubmitted = true;
      this.#submitAt = Number.POSITIVE_INFINITY;
      this.#timesSaid = 0;
      this.#tellWait(alive[0]!);
      // A signal reaches a job that runs only, and it may have begun just now.
      return this.#signal();
    }
    const isUnknown = jobs.length === 0 && !this.#isSubmitted && !this.#reader.hasBegun();
    // If it was submitted and is still on its way, the second of the two finds the claim taken.
    if (isUnknown) return this.#submit().catch(() => undefined);
    this.#timesSaid += 1;
    if (this.#timesSaid < timesSaid) return;
    const began = !(await this.#claim());
    await this.#finish(exitOfUnseen({ job: jobs.at(-1), began, sent: this.#sent, folder: this.#spec.folder.path }));
  }

  #tellWait({ state, reason, node }: QueuedJob): void {
    if (state !== 'PENDING') {
      if (this.#told !== undefined) this.#tellOnce(`runs on ${node}`);
    } else if (performance.now() - this.#createdAt > tellAfterMs) {
      this.#tellOnce(`waits in the queue of Slurm (${reason})`);
    }
  }

  #tellOnce(message: string): void {
    if (message === this.#told) return;
    this.#told = message;
    this.#tell(message);
  }

  async #finish(exit: Exit): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#killTimer?.cancel();
    // A job that never begins is taken out of the queue.
    if (!this.#reader.hasBegun()) this.#signal();
    await this.#reader.finish(exit, this.#sent === undefined);
  }
}

const givenUp: Exit = {
  kind: 'lost',
  why: 'host-gone',
  message: 'it could not be ended, because Slurm does not answer; its job may still run',
};
