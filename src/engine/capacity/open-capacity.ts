import { availableParallelism, totalmem } from 'node:os';
import { applicationNamePrefix } from '../database/application-name.ts';
import type { Database } from '../database/database.ts';
import { databaseStatus } from '../database/database-commands.ts';
import { openDatabase } from '../database/open-database.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { EpochMs, RunId } from '../model/ids.ts';
import type { Limits } from '../model/pipeline/pipeline.ts';
import type { ResourceSample } from '../model/run/resource-sample.ts';
import { freeDisk } from '../platform/free-disk.ts';
import { sleep } from '../platform/sleep.ts';
import { systemClock } from '../platform/system-clock.ts';
import type { ProbeSample } from '../ports.ts';
import { openResourceProbe } from '../resources/open-resource-probe.ts';
import { maxParallel } from '../run/request/run-options.ts';
import { type CapacityItem, judgeCapacity } from '../scheduler/capacity/judge-capacity.ts';
import { planOfOneTask } from './plan-of-one-task.ts';

export type CapacityOptions = {
  /** Of a pipeline; without them the defaults of the format hold. */
  readonly limits?: Limits;
  /** Absolute. */
  readonly projectDir: string;
  /** Absolute. */
  readonly logDir: string;
  /** It may name the database. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onWarning: (warning: Diagnostic) => void;
};

export type CapacityReport = {
  readonly at: EpochMs;
  /** How many tasks of unknown needs could start now; 0 when none would be admitted. */
  readonly tasks: number;
  /** The most that run at once, whatever the machine has. */
  readonly maxParallel: number;
  readonly limits: Limits;
  /** What could be looked at: of a machine that cannot be measured, neither CPU nor memory. */
  readonly items: readonly CapacityItem[];
};

export type CapacityWatch = {
  /** What the machine has now, and what a run would make of it; takes about 300 ms. */
  look(): Promise<CapacityReport>;
  close(): Promise<void>;
};

/** CPU is measured between two looks. */
const betweenLooksMs = 300;
/** The name of our own sessions in the database, so that they are not taken for those of others. */
const ownRun = 'capacity' as RunId;

/** Looks at the machine, the disks of a project and its database, of which it starts none. */
export async function openCapacity(options: CapacityOptions): Promise<CapacityWatch> {
  const { limits = planOfOneTask().pipeline.limits } = options;
  const plan = planOfOneTask(limits);
  const most = maxParallel({ plan }, availableParallelism());
  const judgeBy = { run: ownRun, seed: 0, maxParallel: most, sequential: false, runChecks: false } as const;
  const clock = systemClock();
  const probe = await openResourceProbe({ onWarning: options.onWarning, directories: [], leaders: new Map() });
  let database: Database | undefined;

  const look = async (): Promise<CapacityReport> => {
    const found = await findDatabase(options, database);
    database = found.database;
    await sleep(betweenLooksMs);
    const measured = await probe.sample(new Map());
    // Without a run nothing is ours.
    const { ours: _, ...machine } = measured ?? unmeasured;
    const counted = await database?.connections(ownRun);
    const disks = await readDisks(options, found.directory);
    const connections =
      database === undefined || counted === undefined
        ? {}
        : { connections: { used: counted.total, limit: counted.limit, ours: counted.ofRun } };
    const sample = { at: clock.now(), ...machine, disks, ...connections };
    const { items, tasks } = judgeCapacity(plan, judgeBy, sample);
    const seen = items.filter(({ kind }) => measured !== undefined || (kind !== 'cpu' && kind !== 'memory'));
    const isSilent = database !== undefined && counted === undefined;
    const trouble = found.trouble ?? (isSilent ? 'the database does not respond' : undefined);
    const report = { at: sample.at, maxParallel: most, limits };
    if (trouble === undefined) return { ...report, tasks, items: seen };
    return { ...report, tasks: 0, items: [...seen, { kind: 'connections', verdict: 'none', reason: trouble }] };
  };
  return { look, close: async () => database?.close() };
}

/** An idle machine: only what could be measured may hold a task back. */
const unmeasured: ProbeSample = {
  cpu: 0,
  memory: 0,
  memoryBytes: 0,
  cores: availableParallelism(),
  memoryLimitBytes: totalmem(),
  tasks: new Map(),
};

type FoundDatabase = {
  readonly database: Database | undefined;
  /** Where the project's own has its files, when it was created. */
  readonly directory?: string;
  /** Why no connection can be had. */
  readonly trouble?: string;
};

async function findDatabase(options: CapacityOptions, opened: Database | undefined): Promise<FoundDatabase> {
  const status = await databaseStatus(options);
  if (!status.ok) return { database: opened, trouble: status.error.message };
  const { state } = status.value;
  const directory = state === 'stopped' || state === 'running' ? { directory: status.value.directory } : {};
  if (opened !== undefined || (state !== 'external' && state !== 'running')) return { database: opened, ...directory };
  const found = await openDatabase({ ...options, applicationName: `${applicationNamePrefix(ownRun)}watch` });
  return found.ok
    ? { database: found.value, ...directory }
    : { database: undefined, trouble: found.error.message, ...directory };
}

async function readDisks(
  { projectDir, logDir }: CapacityOptions,
  database: string | undefined,
): Promise<NonNullable<ResourceSample['disks']>> {
  const places = { project: projectDir, logs: logDir, ...(database === undefined ? {} : { database }) };
  const read = Object.entries(places).map(async ([role, path]) => {
    const disk = await freeDisk(path);
    return disk === undefined ? [] : [{ role: role as 'project' | 'logs' | 'database', freeBytes: disk.freeBytes }];
  });
  return (await Promise.all(read)).flat();
}
