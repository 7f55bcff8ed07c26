import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Plan } from '../../model/pipeline/plan.ts';
import type { ResourceSample } from '../../model/run/resource-sample.ts';
import { formatSize } from '../../model/text/format-size.ts';
import { executionWaves } from '../../plan/execution-waves.ts';
import { explainCause } from '../../scheduler/admission/explain-wait.ts';
import { capByDisk, capByMemory, freeConnections, type TaskCap } from '../../scheduler/capacity/assess-capacity.ts';
import { firstNames } from './first-names.ts';

/** What is there before the first task starts; what could not be looked at is absent. */
export type Supplies = Pick<ResourceSample, 'disks' | 'connections'> & {
  readonly memory?: { readonly used: number; readonly totalBytes: number };
  /** How many tasks may run at once. */
  readonly maxParallel: number;
};

/** What the run has too little of, one warning each; nothing when all is well. Pure. */
export function findScarcity(plan: Plan, supplies: Supplies): readonly Diagnostic[] {
  return [...findNowScarce(plan, supplies), ...findConnectionNeeds(plan, supplies), ...findMemoryNeeds(plan, supplies)];
}

/** What the first sample of the run would find. */
function findNowScarce(plan: Plan, { disks = [], memory }: Supplies): readonly Diagnostic[] {
  const caps = [
    ...disks.map((disk) => capByDisk({ plan }, { disks: [disk] })),
    memory === undefined ? undefined : capByMemory({ plan }, { memory: memory.used }),
  ];
  return caps.flatMap((cap) => (cap === undefined ? [] : [littleLeft(cap)]));
}

function littleLeft({ tasks, cause }: TaskCap): Diagnostic {
  const pace = tasks === 0 ? 'one task' : `at most ${tasks} tasks`;
  return warning('run/little-left', `${explainCause(cause)}; until this changes, ${pace} at once`);
}

function findConnectionNeeds(plan: Plan, { connections, maxParallel }: Supplies): readonly Diagnostic[] {
  const needy = plan.tasks.filter(({ spec, skip }) => !skip && spec.connections > 0);
  if (connections === undefined || needy.length === 0) return [];
  const free = freeConnections(plan.pipeline.limits, connections);
  const { used, limit, ours = 0 } = connections;
  if (free < 1) {
    const what = `others hold ${used - ours} of the ${limit} connections of the database`;
    return [warning('run/little-left', `${what}; until this changes, tasks that need any run one at a time`)];
  }
  const tooMuch = needy.filter(({ spec }) => spec.connections > free);
  const widest = widestNeed(plan, maxParallel);
  return [
    ...needsTooMuch(
      tooMuch.map(({ spec }) => `${spec.id} needs ${spec.connections} connections`),
      `${free} are available`,
      'no other task uses one',
    ),
    ...(tooMuch.length > 0 || widest <= free
      ? []
      : [
          warning(
            'run/needs-too-much',
            `tasks may need up to ${widest} connections at the same time, but ${free} are available; some will wait`,
          ),
        ]),
  ];
}

/** The most connections that tasks which can run side by side declare together. */
function widestNeed(plan: Plan, maxParallel: number): number {
  const needs = executionWaves(plan).map((wave) =>
    wave
      .map((index) => plan.tasks[index]!.spec.connections)
      .sort((a, b) => b - a)
      .slice(0, maxParallel)
      .reduce((sum, one) => sum + one, 0),
  );
  return Math.max(0, ...needs);
}

function findMemoryNeeds(plan: Plan, { memory }: Supplies): readonly Diagnostic[] {
  if (memory === undefined) return [];
  const most = memory.totalBytes * plan.pipeline.limits.memory;
  const tooMuch = plan.tasks.filter(({ spec, skip }) => !skip && (spec.memoryBytes ?? 0) > most);
  return needsTooMuch(
    tooMuch.map(({ spec }) => `${spec.id} needs ${formatSize(spec.memoryBytes ?? 0)} of memory`),
    `${formatSize(most)} is available`,
    'no other task runs',
  );
}

function needsTooMuch(needs: readonly string[], given: string, alone: string): readonly Diagnostic[] {
  if (needs.length === 0) return [];
  const who = needs.length === 1 ? 'it runs' : 'each runs';
  return [warning('run/needs-too-much', `${firstNames(needs)}, and ${given}; ${who} while ${alone}`)];
}

function warning(code: 'run/little-left' | 'run/needs-too-much', message: string): Diagnostic {
  return { code, severity: 'warning', message };
}
