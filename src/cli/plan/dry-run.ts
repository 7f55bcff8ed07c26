import { conditionLines } from '../../display/condition-text.ts';
import { awaitedBy, endText } from '../../display/end-text.ts';
import { formatCount } from '../../display/format/format-count.ts';
import { nameList } from '../../display/format/name-list.ts';
import { taskCountJson, taskCountText } from '../../display/task-count-text.ts';
import {
  criticalPath,
  displayText,
  executionWaves,
  learnedOrder,
  mediansOf,
  type PastRuns,
  type Plan,
  type RunRequest,
  shownParams,
} from '../../engine/index.ts';
import { safeJson } from '../output/safe-json.ts';
import type { Style } from '../output/style.ts';
import { conditionsJson } from './conditions-json.ts';
import { paramLines } from './param-lines.ts';
import { atEnd } from './plan-json.ts';
import { type ReusePreviews, reuseJson, reuseLines } from './reuse-lines.ts';

const maxNames = 4;

/** What a run of the plan would do, wave by wave; nothing of it has happened. Of a wave, what starts first comes first. */
export function dryRunLines(
  request: RunRequest,
  past: PastRuns,
  { paint, glyphs }: Style,
  reuse: ReusePreviews,
): readonly string[] {
  const { plan, sequential, runChecks, maxParallel = plan.pipeline.limits.maxParallel } = request;
  const { tasks } = plan;
  const durations = mediansOf(past);
  const waves = rankedWaves(request, past);
  const countText = (wave: readonly number[]) => taskCountText(wave.map((index) => tasks[index]!.spec));
  const parallel = maxParallel === 'auto' ? 'as many at once as the machine allows' : `up to ${maxParallel} at once`;
  const speed = sequential ? 'one at a time' : parallel;
  const nameOf = (index: number): string => tasks[index]!.spec.id;
  const width = waves.flat().reduce((widest, index) => Math.max(widest, Math.min(36, nameOf(index).length)), 8);

  const waveLines = waves.flatMap((wave, at) => [
    paint.bold(`wave ${at + 1}`) + paint.dim(`  ${countText(wave)}`),
    ...foldedRows(plan, wave).map(({ index, name }) => {
      const after = name === undefined ? paint.dim(displayText(whenText(plan, index))) : '';
      return `  ${displayText(name ?? nameOf(index)).padEnd(width)}  ${after}`.trimEnd();
    }),
  ]);
  const setAside = tasks.filter(({ skip }) => skip).map(({ spec }) => spec.id);
  const left = plan.pipeline.tasks.filter(({ id }) => !plan.indexOf.has(id)).map(({ id }) => id);
  const path = criticalPath(plan, durations).tasks.map(nameOf);
  return [
    `${paint.bold(displayText(plan.pipeline.name))}: ${countText(waves.flat())} in ${formatCount(waves.length, 'wave')}, ${speed}; a dry run, nothing is run`,
    ...paramLines(request),
    '',
    ...(sequential ? sequenceLines(plan, width, paint.dim) : waveLines),
    ...titled('reuse', reuseLines(reuse, width)),
    ...titled('checks', runChecks ? checkLines(plan, nameOf) : []),
    ...titled('before they start', conditionLines(plan).map(displayText)),
    ...titled('skipped with --skip', listed(setAside)),
    ...titled('not part of this run', listed(left)),
    '',
    `longest chain  ${displayText(nameChain(path, glyphs.arrow))}`,
    ...(sequential || past.tasks.size === 0
      ? []
      : ['order          longest remaining path first, from the durations of earlier runs']),
  ];
}

/** The tasks of a wave; where more than 20 instances of one task are in it, they have one row, with a name of its own. */
function foldedRows(
  { tasks }: Plan,
  wave: readonly number[],
): readonly { readonly index: number; readonly name?: string }[] {
  const byFamily = new Map<string, number[]>();
  for (const index of wave) {
    const of = tasks[index]!.spec.instance?.of;
    if (of === undefined) continue;
    const together = byFamily.get(of);
    if (together === undefined) byFamily.set(of, [index]);
    else together.push(index);
  }
  return wave.flatMap((index) => {
    const of = tasks[index]!.spec.instance?.of;
    const together = of === undefined ? [] : byFamily.get(of)!;
    if (of === undefined || together.length <= maxInstances) return [{ index }];
    if (together[0] !== index) return [];
    const names = together.map((one) => tasks[one]!.spec.id);
    return [{ index, name: `${of}: ${formatCount(names.length, 'instance')}, ${nameList(names, 2)}` }];
  });
}

const maxInstances = 20;

/** The same for programs, as one line of JSON. */
export function dryRunJson(request: RunRequest, past: PastRuns, reuse: ReusePreviews): string {
  const { plan, sequential, runChecks, maxParallel } = request;
  const nameOf = (index: number): string => plan.tasks[index]!.spec.id;
  const rankOf = new Map(startOrder(request, past).map((index, rank) => [index, rank + 1]));
  return safeJson({
    type: 'run.planned',
    pipeline: plan.pipeline.name,
    planHash: plan.hash,
    params: shownParams(request),
    maxParallel: sequential ? 1 : (maxParallel ?? plan.pipeline.limits.maxParallel),
    sequential,
    counts: taskCountJson(plan.tasks.flatMap(({ skip, spec }) => (skip ? [] : [spec]))),
    tasks: rankedWaves(request, past).flatMap((wave, at) =>
      wave.map((index) => ({
        task: nameOf(index),
        wave: at + 1,
        rank: rankOf.get(index),
        after: awaitedBy(plan.tasks[index]!).map(nameOf),
        ...atEnd(plan.tasks[index]!),
        ...conditionsJson(plan.tasks[index]!.spec),
        ...reuseJson(reuse.get(plan.tasks[index]!.spec.id)),
      })),
    ),
    skipped: plan.tasks.filter(({ skip }) => skip).map(({ spec }) => spec.id),
    checks: runChecks ? plan.checks.map(({ spec, after }) => ({ check: spec.name, after: after.map(nameOf) })) : [],
  });
}

/** Task indices in the order in which they start, of those that are ready. */
function startOrder({ plan, sequential }: RunRequest, past: PastRuns): readonly number[] {
  return sequential ? plan.order : (learnedOrder(plan, mediansOf(past)) ?? plan.byRank);
}

function rankedWaves(request: RunRequest, past: PastRuns): readonly (readonly number[])[] {
  const rankOf = new Map(startOrder(request, past).map((index, rank) => [index, rank]));
  return executionWaves(request.plan).map((wave) => wave.toSorted((a, b) => rankOf.get(a)! - rankOf.get(b)!));
}

function sequenceLines(plan: Plan, width: number, dim: (text: string) => string): readonly string[] {
  const { order, tasks } = plan;
  const runs = order.filter((index) => !tasks[index]!.skip);
  const digits = String(runs.length).length;
  return runs.map((index, at) => {
    const end = tasks[index]!.end === undefined ? '' : dim(displayText(whenText(plan, index)));
    return `${String(at + 1).padStart(digits)}  ${displayText(tasks[index]!.spec.id).padEnd(width)}  ${end}`.trimEnd();
  });
}

/** When a task runs: `after load_rates +1`, `at the end, takes down start_db`; empty at once. */
function whenText(plan: Plan, index: number): string {
  const task = plan.tasks[index]!;
  const names = awaitedBy(task).map((other) => plan.tasks[other]!.spec.id);
  const after = names.length === 0 ? [] : [`after ${nameList(names, maxNames)}`];
  const end = endText(plan, task);
  return [...(end === undefined ? [] : [end]), ...after].join(', ');
}

function checkLines({ checks }: Plan, nameOf: (index: number) => string): readonly string[] {
  return checks.map(({ spec, atEnd, after, gates }) => {
    const when = atEnd
      ? 'at the end'
      : after.length === 0
        ? 'at the start'
        : `after ${nameList(after.map(nameOf), maxNames)}`;
    const gate = gates.length === 0 ? '' : `, before ${nameList(gates.map(nameOf), maxNames)}`;
    return displayText(`${spec.name}: ${when}${gate}`);
  });
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function listed(names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [displayText(nameList(names, 12))];
}

/** Both ends of a chain, and how much lies between. */
function nameChain(names: readonly string[], arrow: string): string {
  if (names.length <= 8) return names.join(` ${arrow} `);
  const between = `(${names.length - 6} more)`;
  return [...names.slice(0, 3), between, ...names.slice(-3)].join(` ${arrow} `);
}
