import type { HostLoad } from '../../../src/engine/model/run/host-state.ts';
import type { ScenarioSketch } from '../scenario-sketch.ts';

/** One seed of the simulation, as plain data: a pipeline in a world, and all that goes wrong in it. Times in ms. */
export type Trial = { readonly scenario: ScenarioSketch; readonly faults: Faults };

export type Faults = {
  /** Decides what comes first of what happens at the same moment. */
  readonly order: number;
  /** How long the disk takes to make the journal durable; how much later than its end an exit is told; how long it takes to end the sessions of an attempt. In turn. */
  readonly syncMs: readonly number[];
  readonly exitDelayMs: readonly number[];
  readonly sweepMs: readonly number[];
  /** The n-th ends the n-th process that carries out the run, unless the run is over before. */
  readonly crashes: readonly Crash[];
  /** The process that carries out the run stands still: nothing reaches it, while its tasks go on. */
  readonly stops: readonly { readonly afterMs: number; readonly forMs: number }[];
  /** By process that carries out the run: which of its commits fails, from 1; 0 for none. */
  readonly failingCommits: readonly number[];
  /** How often a run that ended otherwise than by a success is resumed. */
  readonly resumes: number;
  /** Absent = tasks run on the machine of the process that carries out the run. */
  readonly hosts?: { readonly leaseMs: number; readonly all: readonly HostFault[] };
};

/** A machine with a worker. After its fate a new worker begins on it. */
export type HostFault = {
  readonly labels: readonly string[];
  readonly slots: number;
  readonly load?: HostLoad;
  readonly fate?: {
    /** `freezes`: also for a cable that was cut. What runs there goes on until its guardian ends it. */
    readonly kind: 'dies' | 'freezes' | 'drains';
    readonly afterMs: number;
    readonly backMs: number;
  };
};

export type Crash = {
  /** Since the process began. */
  readonly afterMs: number;
  /** How much of what was written and not durable yet stays, of 100. */
  readonly keeps: number;
  /** Whether a part of one more record stays. */
  readonly torn: boolean;
  /** Whether the guardian ends what is left; otherwise it runs on. */
  readonly guarded: boolean;
  /** Until the run is resumed. */
  readonly bootMs: number;
  /** By how much the wall clock has moved meanwhile. */
  readonly jumpMs: number;
  /** Places of tasks whose command is changed before the run is resumed. */
  readonly edits: readonly number[];
};
