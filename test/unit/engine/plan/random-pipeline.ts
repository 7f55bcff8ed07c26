import fc from 'fast-check';

/** A random pipeline without mistakes: its text, and what each task must wait for. */
export type RandomPipeline = {
  readonly text: string;
  /** In the order of the file's plan: tasks of levels first. */
  readonly tasks: readonly string[];
  readonly upstream: ReadonlyMap<string, ReadonlySet<string>>;
  readonly levels: ReadonlyMap<string, readonly string[]>;
  readonly durations: ReadonlyMap<string, number>;
  readonly pools: ReadonlyMap<string, { readonly size: number; readonly users: ReadonlySet<string> }>;
};

type Draw = {
  readonly size: number;
  /** For each pair of tasks whether the later waits for the earlier. */
  readonly edges: readonly number[];
  readonly levelOf: readonly number[];
  readonly levelEdges: readonly number[];
  readonly sequential: readonly boolean[];
  readonly inline: readonly boolean[];
  readonly durations: readonly number[];
  readonly poolOf: readonly number[];
};

const levelCount = 3;

/** Pipelines of 1 to 12 tasks, some of them in levels, some in place, with pools and durations. */
export const randomPipeline: fc.Arbitrary<RandomPipeline> = fc
  .integer({ min: 1, max: 12 })
  .chain((size) =>
    fc.record({
      size: fc.constant(size),
      edges: fc.array(fc.nat(9), { minLength: size * size, maxLength: size * size }),
      levelOf: fc.array(fc.nat(levelCount), { minLength: size, maxLength: size }),
      levelEdges: fc.array(fc.nat(9), { minLength: size * levelCount, maxLength: size * levelCount }),
      sequential: fc.array(fc.boolean(), { minLength: levelCount, maxLength: levelCount }),
      inline: fc.array(fc.boolean(), { minLength: size, maxLength: size }),
      durations: fc.array(fc.integer({ min: 0, max: 50 }), { minLength: size, maxLength: size }),
      poolOf: fc.array(fc.nat(3), { minLength: size, maxLength: size }),
    }),
  )
  .map(build);

function build(draw: Draw): RandomPipeline {
  const names = Array.from({ length: draw.size }, (_, index) => `t${index}`);
  const members = Array.from({ length: levelCount }, (_, level) => names.filter((_, at) => draw.levelOf[at] === level));
  // Levels take the tasks in the order of their numbers, and every dependency leads to a smaller one: no circles.
  const own = names.map((_, at) => names.filter((_, other) => other < at && draw.edges[at * draw.size + other]! < 3));
  const shared = members.map((tasks, level) => {
    const first = names.indexOf(tasks[0] ?? 't0');
    return names.filter((_, at) => at < first && draw.levelEdges[at * levelCount + level]! < 3);
  });
  const upstream = new Map(names.map((name, at) => [name, new Set(own[at])]));
  members.forEach((tasks, level) => {
    tasks.forEach((name, at) => {
      for (const one of shared[level]!) upstream.get(name)!.add(one);
      if (draw.sequential[level] && at > 0) upstream.get(name)!.add(tasks[at - 1]!);
    });
  });
  const inLevels = members.flat();
  return {
    text: write(draw, { names, members, own, shared }),
    tasks: [...inLevels, ...names.filter((name) => !inLevels.includes(name))],
    upstream,
    levels: new Map(members.flatMap((tasks, level) => (tasks.length === 0 ? [] : [[`l${level}`, tasks] as const]))),
    durations: new Map(names.map((name, at) => [name, draw.durations[at]!])),
    pools: new Map(
      [1, 2].map((pool) => [
        `p${pool}`,
        { size: pool, users: new Set(names.filter((_, at) => draw.poolOf[at] === pool)) },
      ]),
    ),
  };
}

type Parts = {
  readonly names: readonly string[];
  readonly members: readonly (readonly string[])[];
  readonly own: readonly (readonly string[])[];
  readonly shared: readonly (readonly string[])[];
};

function write(draw: Draw, { names, members, own, shared }: Parts): string {
  const body = (at: number) => {
    const pool = draw.poolOf[at]!;
    const pools = pool === 1 || pool === 2 ? `, pools: [p${pool}]` : '';
    return `command: [run, "${at}"], dependencies: [${own[at]!.join(', ')}]${pools}`;
  };
  const inPlace = (at: number) => draw.inline[at] && draw.levelOf[at]! < levelCount;
  const registry = names.flatMap((name, at) => (inPlace(at) ? [] : [`  ${name}: { ${body(at)} }\n`]));
  const levels = members.flatMap((tasks, level) => {
    if (tasks.length === 0) return [];
    const items = tasks.map((name) => {
      const at = names.indexOf(name);
      return inPlace(at) ? `    - { name: ${name}, ${body(at)} }\n` : `    - ${name}\n`;
    });
    const mode = draw.sequential[level] ? 'sequential' : 'parallel';
    const head = `  l${level}:\n    mode: ${mode}\n    dependencies: [${shared[level]!.join(', ')}]\n    tasks:\n`;
    return [head, ...items];
  });
  const tasksPart = registry.length === 0 ? '' : `tasks:\n${registry.join('')}`;
  const levelsPart = levels.length === 0 ? '' : `pipelines:\n${levels.join('')}`;
  return `pools: { p1: 1, p2: 2 }\n${tasksPart}${levelsPart}`;
}
