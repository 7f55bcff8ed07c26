import { formatCount } from '../../display/format-count.ts';
import { nameList } from '../../display/name-list.ts';
import { criticalPath, displayText, executionWaves, type Plan, type RunRequest } from '../../engine/index.ts';
import { safeJson } from '../output/safe-json.ts';
import type { Style } from '../output/style.ts';

const maxNames = 4;

/** What a run of the plan would do, wave by wave; nothing of it has happened. */
export function dryRunLines(request: RunRequest, { paint, glyphs }: Style): readonly string[] {
  const { plan, sequential, runChecks, maxParallel = plan.pipeline.limits.maxParallel } = request;
  const { tasks } = plan;
  const waves = executionWaves(plan);
  const runs = waves.reduce((sum, wave) => sum + wave.length, 0);
  const speed = sequential ? 'one at a time' : `up to ${maxParallel} at once`;
  const nameOf = (index: number): string => tasks[index]!.spec.id;
  const width = waves.flat().reduce((widest, index) => Math.max(widest, Math.min(36, nameOf(index).length)), 8);

  const waveLines = waves.flatMap((wave, at) => [
    paint.bold(`wave ${at + 1}`) + paint.dim(`  ${formatCount(wave.length, 'task')}`),
    ...wave.map((index) => {
      const { spec, upstream } = tasks[index]!;
      const after =
        upstream.length === 0 ? '' : paint.dim(`after ${displayText(nameList(upstream.map(nameOf), maxNames))}`);
      return `  ${displayText(spec.id).padEnd(width)}  ${after}`.trimEnd();
    }),
  ]);
  const setAside = tasks.filter(({ skip }) => skip).map(({ spec }) => spec.id);
  const left = plan.pipeline.tasks.filter(({ id }) => !plan.indexOf.has(id)).map(({ id }) => id);
  const path = criticalPath(plan, new Map()).tasks.map(nameOf);
  return [
    `${paint.bold(displayText(plan.pipeline.name))}: ${formatCount(runs, 'task')} in ${formatCount(waves.length, 'wave')}, ${speed}; a dry run, nothing is started`,
    '',
    ...(sequential ? sequenceLines(plan, width) : waveLines),
    ...titled('checks', runChecks ? checkLines(plan, nameOf) : []),
    ...titled('set aside with --skip', listed(setAside)),
    ...titled('not part of this run', listed(left)),
    '',
    `longest chain  ${displayText(nameChain(path, glyphs.arrow))}`,
  ];
}

/** The same for programs, as one line of JSON. */
export function dryRunJson({ plan, sequential, runChecks, maxParallel }: RunRequest): string {
  const nameOf = (index: number): string => plan.tasks[index]!.spec.id;
  return safeJson({
    type: 'run.planned',
    pipeline: plan.pipeline.name,
    planHash: plan.hash,
    maxParallel: sequential ? 1 : (maxParallel ?? plan.pipeline.limits.maxParallel),
    sequential,
    tasks: executionWaves(plan).flatMap((wave, at) =>
      wave.map((index) => ({ task: nameOf(index), wave: at + 1, after: plan.tasks[index]!.upstream.map(nameOf) })),
    ),
    skipped: plan.tasks.filter(({ skip }) => skip).map(({ spec }) => spec.id),
    checks: runChecks ? plan.checks.map(({ spec, after }) => ({ check: spec.name, after: after.map(nameOf) })) : [],
  });
}

function sequenceLines({ order, tasks }: Plan, width: number): readonly string[] {
  const runs = order.filter((index) => !tasks[index]!.skip);
  const digits = String(runs.length).length;
  return runs.map((index, at) =>
    `${String(at + 1).padStart(digits)}  ${displayText(tasks[index]!.spec.id).padEnd(width)}`.trimEnd(),
  );
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
