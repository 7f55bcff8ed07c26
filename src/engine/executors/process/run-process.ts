import { maskText } from '../../masking/mask-stream.ts';
import type { Exit } from '../../model/run/task-state.ts';
import { unreachable } from '../../model/unreachable.ts';
import { startAwakeTimer } from '../../platform/awake-timer.ts';
import { sleep } from '../../platform/sleep.ts';
import type { AttemptObserver, RunningAttempt } from '../../ports.ts';
import { endLeftovers, terminateStrays } from './cleanup/end-leftovers.ts';
import { pidsReusedAfterMs } from './cleanup/own-pids.ts';
import { killGroup, terminateGroup } from './cleanup/process-group.ts';
import type { ProcessSignature } from './cleanup/stray-processes.ts';
import { createDeadline } from './deadline.ts';
import { collectExitEvidence, type ExitEvidence } from './exit-evidence.ts';
import { explainShortage } from './launch-error.ts';
import { type MaskedOutput, maskOutput } from './output/masked-output.ts';
import { untilPipesAreRead } from './output/read-pipe.ts';
import { faultNote, followReportFile, type ReportFile } from './output/report-file.ts';
import type { ProcessContext, ProcessSpec } from './process-context.ts';
import type { Slot } from './slots/slot.ts';
import type { StatusLine } from './slots/slot-status.ts';

const lineFeed = 0x0a;

/** How long a process may take to appear when nobody knows whether it was started. */
const appearWithinMs = 100;
/** A process that SIGKILL has not ended by then is stuck in the kernel, or its slot is stopped. */
const giveUpAfterMs = 5_000;
/** Slots that ended before they received the instruction; further ones would most likely end as well. */
const maxFailedSlots = 3;

export type RunningProcess = RunningAttempt & {
  /** Reports what the task has added to its report file, and keeps its slot going. */
  lookAfter(): void;
};

/**
 * Runs one attempt in a process group of its own, from the wait for a slot to its exit:
 *
 * 1. It waits for a slot and sends it the instruction; a slot that ended before it could receive it is replaced.
 * 2. The slot reports the pid (`spawned`), messages of the shell, and the status of the leader.
 * 3. What the leader left in its group or outside of it is ended, SIGTERM first, SIGKILL after the grace.
 * 4. The rest of the pipes and of the report file is read, and the slot goes back to the pool.
 * 5. `exited`, exactly once.
 *
 * `terminate` ends step 1, or signals in step 2 the group and what has left it. When the slot ends first, or SIGKILL has no effect, the
 * attempt is lost: steps 3 to 5 follow without a status.
 */
export function runProcess(context: ProcessContext, spec: ProcessSpec, observer: AttemptObserver): RunningProcess {
  return new SlotProcess(context, spec, observer);
}

class SlotProcess implements RunningProcess {
  readonly #context: ProcessContext;
  readonly #spec: ProcessSpec;
  readonly #observer: AttemptObserver;
  readonly #output: MaskedOutput;
  readonly #report: ReportFile;
  readonly #killDeadline = createDeadline(() => this.#kill());
  #stage: 'waiting' | 'running' | 'ending' | 'over' = 'waiting';
  #cancelRequest: () => void = () => undefined;
  #slot: Slot | undefined;
  #failedSlots = 0;
  #giveUpTimer: { cancel(): void } | undefined;
  #sentAt = 0;
  readonly #terminatedStrays = new Set<number>();
  #leader: number | undefined;
  /** Whether its output so far ends within a line. */
  #isInLine = false;
  #evidence: ExitEvidence | undefined;

  constructor(context: ProcessContext, spec: ProcessSpec, observer: AttemptObserver) {
    this.#context = context;
    this.#spec = spec;
    this.#observer = observer;
    this.#output = maskOutput(context.secrets, observer.output);
    this.#report = followReportFile(
      spec.reportPath,
      (text) => maskText(context.secrets, text),
      (report) => observer.reported(report),
    );
    this.#requestSlot();
  }

  lookAfter(): void {
    if (this.#stage !== 'running') return;
    this.#report.read();
    this.#slot?.keepAwake();
  }

  terminate(graceMs: number): void {
    if (this.#stage === 'over') return;
    if (this.#stage === 'waiting') {
      this.#cancelRequest();
      this.#finish({ kind: 'signalled', signal: 'SIGTERM' });
      return;
    }
    const isFirst = this.#killDeadline.at() === undefined;
    this.#killDeadline.bringForward(graceMs);
    if (isFirst && this.#stage === 'running' && this.#leader !== undefined) this.#terminate(this.#leader);
  }

  hasEnded(): boolean {
    return this.#stage === 'ending' || this.#stage === 'over';
  }

  #requestSlot(): void {
    this.#stage = 'waiting';
    this.#cancelRequest = this.#context.pool.acquire((slot) => {
      if (slot.ok) this.#runIn(slot.value);
      else this.#finish(explainShortage(slot.error));
    });
  }

  #runIn(slot: Slot): void {
    const { instruction, request } = this.#spec;
    const evidence = collectExitEvidence(slot.name, instruction.program, request.cwd);
    this.#stage = 'running';
    this.#slot = slot;
    this.#evidence = evidence;
    this.#sentAt = performance.now();
    slot.run(instruction.text, {
      output: (stream, chunk) => {
        if (stream === 'stderr') evidence.onStderr(chunk);
        if (chunk.length > 0) this.#isInLine = chunk.at(-1) !== lineFeed;
        this.#output.write(stream, chunk);
      },
      status: (line) => this.#onStatus(line),
      ended: (reason, undelivered) => {
        if (undelivered && this.#killDeadline.at() === undefined) this.#replaceSlot(slot, reason);
        else void this.#endWithoutReport(`the shell of the task ended unexpectedly: ${reason}`);
      },
    });
  }

  #replaceSlot(slot: Slot, reason: string): void {
    this.#context.pool.discard(slot);
    this.#failedSlots += 1;
    if (this.#failedSlots < maxFailedSlots) this.#requestSlot();
    else this.#finish(explainShortage(`the shell that starts tasks ended unexpectedly: ${reason}`));
  }

  #onStatus(line: StatusLine): void {
    if (this.#stage !== 'running') return;
    switch (line.kind) {
      case 'started':
        this.#onStarted(line.pid);
        return;
      case 'launch-failed':
      case 'shell-message':
        this.#evidence?.onMessage(line);
        return;
      case 'ended':
        void this.#end(line);
        return;
      default:
        unreachable(line);
    }
  }

  #onStarted(pid: number): void {
    this.#leader = pid;
    this.#context.ownPids.add(pid);
    this.#observer.spawned({ host: this.#context.host, pid });
    const killAt = this.#killDeadline.at();
    if (killAt === undefined) return;
    this.#terminate(pid);
    if (performance.now() >= killAt) killGroup(pid);
  }

  /** What has left the group has the same grace as the group. */
  #terminate(leader: number): void {
    terminateGroup(leader);
    void terminateStrays(this.#context.processes, this.#signature(), this.#terminatedStrays);
  }

  #kill(): void {
    if (this.#stage !== 'running') return;
    if (this.#leader !== undefined) killGroup(this.#leader);
    const giveUp = () => void this.#endWithoutReport('the task could not be ended');
    this.#giveUpTimer = startAwakeTimer(giveUpAfterMs, giveUp);
  }

  async #end({ status, groupIsAlive, slotExits }: Extract<StatusLine, { kind: 'ended' }>): Promise<void> {
    this.#stage = 'ending';
    const nothingLeft = await this.#endLeftovers(groupIsAlive, this.#signature());
    await untilPipesAreRead(this.#context.flow);
    // A process that could not be ended still holds the pipes of the slot.
    this.#leaveSlot(nothingLeft && !slotExits);
    if (nothingLeft && this.#leader !== undefined) this.#context.ownPids.removeEnded(this.#leader);
    this.#finish(this.#evidence!.exit(status, this.#leader ?? 0));
  }

  /** The slot has ended or does not react: whatever runs of the attempt is ended from here. */
  async #endWithoutReport(message: string): Promise<void> {
    if (this.#stage !== 'running') return;
    this.#stage = 'ending';
    if (this.#leader === undefined) await sleep(appearWithinMs);
    await this.#endLeftovers(this.#leader !== undefined, { ...this.#signature(), pidsMayBeReused: true });
    await untilPipesAreRead(this.#context.flow);
    this.#leaveSlot(false);
    this.#finish(this.#evidence!.exitWithoutReport(message, this.#leader));
  }

  #leaveSlot(isReusable: boolean): void {
    const slot = this.#slot!;
    slot.detach();
    if (isReusable) this.#context.pool.release(slot);
    else this.#context.pool.discard(slot);
  }

  #endLeftovers(groupIsAlive: boolean, signature: ProcessSignature): Promise<boolean> {
    return endLeftovers({
      processes: this.#context.processes,
      signature,
      terminated: this.#terminatedStrays,
      groupIsAlive,
      isTerminating: this.#killDeadline.at() !== undefined,
      killAt: () => {
        if (this.#killDeadline.at() === undefined) this.#killDeadline.bringForward(this.#spec.request.killGraceMs);
        return this.#killDeadline.at() ?? 0;
      },
    });
  }

  #signature(): ProcessSignature {
    const { ownPids } = this.#context;
    return {
      leader: this.#leader ?? 0,
      mark: this.#spec.mark,
      pipeNames: this.#slot!.pipeNames,
      pidsMayBeReused: performance.now() - this.#sentAt > pidsReusedAfterMs,
      isOwn: (pid) => ownPids.has(pid),
    };
  }

  #finish(exit: Exit): void {
    this.#stage = 'over';
    if (this.#leader !== undefined) this.#context.ownPids.remove(this.#leader);
    this.#killDeadline.cancel();
    this.#giveUpTimer?.cancel();
    this.#report.finish();
    this.#output.end();
    const note = faultNote(this.#report, this.#isInLine);
    if (note !== undefined) this.#observer.output('stderr', note);
    const { secrets } = this.#context;
    this.#observer.exited('message' in exit ? { ...exit, message: maskText(secrets, exit.message) } : exit);
  }
}
