import { maskText } from '../../masking/mask-stream.ts';
import type { Exit } from '../../model/task-state.ts';
import { unreachable } from '../../model/unreachable.ts';
import { startAwakeTimer } from '../../platform/awake-timer.ts';
import { sleep } from '../../platform/sleep.ts';
import type { AttemptObserver, OutputTail, RunningAttempt, StartRequest } from '../../ports.ts';
import { endLeftovers } from './cleanup/end-leftovers.ts';
import { killGroup, terminateGroup } from './cleanup/process-group.ts';
import { createDeadline } from './deadline.ts';
import type { AttemptIdentity, ExecutorContext } from './executor-context.ts';
import { exitOf } from './exit-of.ts';
import { explainFailedExec, explainLaunchError, explainShortage } from './launch-error.ts';
import { type AttemptOutput, openOutput } from './output/attempt-output.ts';
import { untilPipesAreRead } from './output/read-pipe.ts';
import { followReportFile, type ReportFile } from './output/report-file.ts';
import type { Slot } from './slots/slot.ts';
import { slotInstruction } from './slots/slot-instruction.ts';
import type { StatusLine } from './slots/slot-status.ts';

/** Process ids may have gone round by then. */
const longAgoMs = 10_000;
/** For a process to show whose it is, when nobody knows whether it was started. */
const showUpMs = 100;
/** What KILL has not ended by then is stuck in the kernel, or its slot is; we would wait for ever. */
const giveUpAfterMs = 5_000;
const maxRemarks = 20;
/** Slots that were gone before they could take the order; more will not fare better. */
const maxFailedSlots = 3;

/** One attempt from its start to its exit. */
export class Attempt implements RunningAttempt {
  readonly #surroundings: ExecutorContext;
  readonly #request: StartRequest;
  readonly #mark: string;
  readonly #observer: AttemptObserver;
  readonly #over: () => void;
  readonly #output: AttemptOutput;
  readonly #report: ReportFile;
  readonly #remarks: string[] = [];
  readonly #force = createDeadline(() => this.#useForce());
  #stage: 'waiting' | 'running' | 'ending' | 'over' = 'waiting';
  #stopWaiting: () => void = () => undefined;
  #slot: Slot | undefined;
  #deafSlots = 0;
  #giveUp: { cancel(): void } | undefined;
  #order = '';
  #program = '';
  #orderedAt = 0;
  #leader: number | undefined;
  #refused: Extract<StatusLine, { kind: 'refused' }> | undefined;

  /** `over` is called when the observer has heard of the exit. */
  constructor(
    surroundings: ExecutorContext,
    request: StartRequest,
    belongings: AttemptIdentity,
    observer: AttemptObserver,
    over: () => void,
  ) {
    this.#surroundings = surroundings;
    this.#request = request;
    this.#mark = belongings.mark;
    this.#observer = observer;
    this.#over = over;
    const { log, secrets } = surroundings;
    this.#output = openOutput(log, secrets, request.task, request.attempt);
    this.#report = followReportFile(
      belongings.reportPath,
      (text) => maskText(secrets, text),
      (report) => observer.reported(report),
    );
  }

  /** `env` is what the slot does not have already. */
  start(env: Readonly<Record<string, string>>): void {
    const order = slotInstruction(this.#surroundings.bash, this.#request, env);
    if (order.kind === 'refused') {
      this.#finish(() => order.exit);
      return;
    }
    this.#program = order.program;
    this.#order = order.text;
    this.#wait();
  }

  /** Looks whether the task has reported anything. */
  readReport(): void {
    if (this.#stage === 'running') this.#report.read();
  }

  terminate(graceMs: number): void {
    if (this.#stage === 'over') return;
    if (this.#stage === 'waiting') {
      this.#stopWaiting();
      this.#finish(() => ({ kind: 'signalled', signal: 'SIGTERM' }));
      return;
    }
    const isFirst = this.#force.at() === undefined;
    this.#force.bringForward(graceMs);
    if (isFirst && this.#stage === 'running' && this.#leader !== undefined) terminateGroup(this.#leader);
  }

  hasEnded(): boolean {
    return this.#stage === 'ending' || this.#stage === 'over';
  }

  /** Ends it, in the time that its task is given for that. */
  close(): void {
    this.terminate(this.#request.killGraceMs);
  }

  #wait(): void {
    this.#stage = 'waiting';
    this.#stopWaiting = this.#surroundings.pool.request((slot) => {
      if (slot.ok) this.#run(slot.value);
      else this.#finish(() => explainShortage(slot.error));
    });
  }

  #run(slot: Slot): void {
    this.#stage = 'running';
    this.#slot = slot;
    this.#orderedAt = performance.now();
    slot.run(this.#order, {
      output: (stream, chunk) => this.#output.write(stream, chunk),
      status: (line) => this.#take(line),
      died: (reason, unheard) => {
        if (unheard && this.#force.at() === undefined) this.#tryAnother(slot, reason);
        else void this.#lose(`the shell that ran the task is gone: ${reason}`);
      },
    });
  }

  #tryAnother(slot: Slot, reason: string): void {
    this.#surroundings.pool.discard(slot);
    this.#deafSlots += 1;
    if (this.#deafSlots < maxFailedSlots) this.#wait();
    else this.#finish(() => explainShortage(`the shell that starts tasks is gone: ${reason}`));
  }

  #take(line: StatusLine): void {
    if (this.#stage !== 'running') return;
    switch (line.kind) {
      case 'started':
        this.#started(line.pid);
        return;
      case 'refused':
        this.#refused = line;
        return;
      case 'remark':
        if (this.#remarks.length < maxRemarks) this.#remarks.push(line.text);
        return;
      case 'ended':
        void this.#end(line);
        return;
      default:
        unreachable(line);
    }
  }

  #started(pid: number): void {
    this.#leader = pid;
    this.#surroundings.ours.add(pid);
    this.#observer.spawned(pid);
    const killAt = this.#force.at();
    if (killAt === undefined) return;
    terminateGroup(pid);
    if (performance.now() >= killAt) killGroup(pid);
  }

  #useForce(): void {
    if (this.#stage !== 'running') return;
    if (this.#leader !== undefined) killGroup(this.#leader);
    this.#giveUp = startAwakeTimer(giveUpAfterMs, () => void this.#lose('the task could not be ended'));
  }

  async #end({ code, left, last }: Extract<StatusLine, { kind: 'ended' }>): Promise<void> {
    this.#stage = 'ending';
    const slot = this.#slot!;
    const gone = await this.#endLeftovers(left, performance.now() - this.#orderedAt > longAgoMs);
    await untilPipesAreRead();
    slot.release();
    // What could not be ended still holds the pipes.
    if (gone && !last) this.#surroundings.pool.giveBack(slot);
    else this.#surroundings.pool.discard(slot);
    this.#finish((tail) => this.#exitOf(code, tail));
  }

  /** The slot is gone, or of no use; whatever runs of the attempt is ended from here. */
  async #lose(message: string): Promise<void> {
    if (this.#stage !== 'running') return;
    this.#stage = 'ending';
    const slot = this.#slot!;
    const notForked = this.#leader === undefined ? this.#remarks.find((remark) => /\bfork: /.test(remark)) : undefined;
    if (this.#leader === undefined) await sleep(showUpMs);
    await this.#endLeftovers(this.#leader !== undefined, true);
    await untilPipesAreRead();
    slot.release();
    this.#surroundings.pool.discard(slot);
    this.#finish(() =>
      notForked === undefined
        ? { kind: 'lost', message }
        : explainShortage(notForked.replace(/^.*\bfork: (retry: )?/, '')),
    );
  }

  #endLeftovers(group: boolean, longAgo: boolean): Promise<boolean> {
    const { ours, processes } = this.#surroundings;
    return endLeftovers({
      processes,
      traits: {
        leader: this.#leader ?? 0,
        mark: this.#mark,
        pipeNames: this.#slot!.pipeNames,
        longAgo,
        isOurs: (pid) => ours.has(pid),
      },
      group,
      asked: this.#force.at() !== undefined,
      killAt: () => {
        if (this.#force.at() === undefined) this.#force.bringForward(this.#request.killGraceMs);
        return this.#force.at() ?? 0;
      },
    });
  }

  #exitOf(code: number, { stderr }: OutputTail): Exit {
    const { cwd } = this.#request;
    if (this.#refused !== undefined) return explainLaunchError(this.#refused, this.#program, cwd);
    return (
      explainFailedExec(code, stderr, this.#slot!.name, this.#program, cwd) ??
      exitOf(code, this.#leader ?? 0, this.#remarks)
    );
  }

  #finish(exitOf: (tail: OutputTail) => Exit): void {
    this.#stage = 'over';
    this.#force.cancel();
    this.#giveUp?.cancel();
    if (this.#leader !== undefined) this.#surroundings.ours.delete(this.#leader);
    this.#report.finish();
    const tail = this.#output.finish();
    this.#observer.exited(this.#masked(exitOf(tail)), tail.merged);
    this.#over();
  }

  #masked(exit: Exit): Exit {
    return 'message' in exit ? { ...exit, message: maskText(this.#surroundings.secrets, exit.message) } : exit;
  }
}
