import type { LevelId, TaskId } from '../../src/engine/model/ids.ts';
import type { Family } from '../../src/engine/model/pipeline/matrix.ts';
import type {
  CheckSpec,
  Limits,
  PipelineSpec,
  RetryPolicy,
  Slas,
  TaskSpec,
} from '../../src/engine/model/pipeline/pipeline.ts';
import type { Plan, Selection } from '../../src/engine/model/pipeline/plan.ts';
import { buildPlan } from '../../src/engine/plan/build-plan.ts';

export type TaskSketch = Partial<Omit<TaskSpec, 'id' | 'dependencies' | 'retry' | 'at'>> & {
  readonly after?: readonly string[];
  readonly retry?: Partial<RetryPolicy>;
};

export type CheckSketch = {
  readonly after?: readonly string[];
  readonly before?: readonly string[];
  readonly gate?: boolean;
  readonly onFail?: 'fail' | 'warn';
  readonly retries?: number;
};

export type PipelineSketch = {
  readonly tasks: Readonly<Record<string, TaskSketch>>;
  readonly pools?: Readonly<Record<string, number>>;
  readonly checks?: Readonly<Record<string, CheckSketch>>;
  readonly limits?: Partial<Limits>;
  readonly slas?: Partial<Slas>;
  /** Their tasks, by level. */
  readonly levels?: Readonly<Record<string, readonly string[]>>;
  /** Of the tasks that are instances. */
  readonly families?: readonly Family[];
};

/** A pipeline in which only what a test is about has to be said: no retries, no pools, a minute of time. */
function sketchPipeline({
  tasks,
  pools = {},
  checks = {},
  limits = {},
  slas = {},
  levels = {},
  families,
}: PipelineSketch): PipelineSpec {
  return {
    name: 'sketch',
    file: 'sketch.yaml',
    params: [],
    env: {},
    secrets: [],
    limits: { maxParallel: 8, cpu: 0.8, memory: 0.85, dbConnections: 0.8, diskFreeBytes: 0, ...limits },
    pools: new Map(Object.entries(pools)),
    tasks: Object.entries(tasks).map(([name, sketch]) => {
      const level = Object.keys(levels).find((one) => levels[one]!.includes(name));
      return { ...sketchTask(name, sketch), ...(level === undefined ? {} : { level: level as LevelId }) };
    }),
    ...(families === undefined ? {} : { families }),
    levels: Object.entries(levels).map(([name, members]) => ({
      id: name as LevelId,
      mode: 'parallel',
      tasks: members as readonly TaskId[],
      critical: false,
    })),
    checks: Object.entries(checks).map(([name, sketch]) => sketchCheck(name, sketch)),
    slas: { levelsMs: new Map(), onMiss: 'warn', ...slas },
  };
}

/** The plan of such a pipeline. */
export function sketchPlan(sketch: PipelineSketch, selection: Selection = {}): Plan {
  const { plan, diagnostics } = buildPlan(sketchPipeline(sketch), selection);
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return plan;
}

const nowhere = { file: 'sketch.yaml', line: 1, col: 1, length: 1 };

function sketchTask(name: string, { after = [], retry, ...sketch }: TaskSketch): TaskSpec {
  return {
    id: name as TaskId,
    command: { kind: 'shell', script: name },
    dependencies: after as readonly TaskId[],
    timeoutMs: 60_000,
    killGraceMs: 5000,
    retry: {
      retries: 0,
      initialMs: 1000,
      factor: 2,
      maxMs: 60_000,
      jitter: false,
      maxRetryAfterMs: 3_600_000,
      ...retry,
    },
    pools: [],
    connections: 0,
    critical: false,
    env: {},
    outputs: [],
    at: nowhere,
    ...sketch,
  };
}

function sketchCheck(
  name: string,
  { after = [], before = [], gate = false, onFail = 'fail', retries = 0 }: CheckSketch,
): CheckSpec {
  return {
    name,
    definition: { kind: 'sql', sql: 'SELECT 0', expect: 0 },
    after: after as readonly TaskId[],
    before: before as readonly TaskId[],
    onFail,
    gate,
    timeoutMs: 60_000,
    retry: { retries, initialMs: 1000, factor: 2, maxMs: 60_000, jitter: false },
    at: nowhere,
  };
}
