import { join } from 'node:path';
import type { RunId, TaskId } from '../../model/ids.ts';
import { variableOfParam, variablesOf } from '../../model/params/param-variables.ts';
import type { CheckSpec, Command, PipelineSpec, TaskSpec } from '../../model/pipeline/pipeline.ts';
import type { RunState } from '../../model/run/run-state.ts';
import type { StartRequest } from '../../ports.ts';
import { timeoutOf } from '../../scheduler/attempts/timeout-of.ts';
import type { ConditionOf } from '../conditions/condition-parts.ts';
import { type Places, placeVariables } from '../request/place-variables.ts';
import { expandEnv } from '../request/resolve-params.ts';
import { type EnvFiles, variablesInFiles } from '../request/surroundings.ts';
import { endVariables } from './end-variables.ts';
import { matrixVariables } from './matrix-variables.ts';

export type AttemptContext = Places & {
  readonly pipeline: PipelineSpec;
  /** With its matrices; absent without any. */
  readonly written?: PipelineSpec;
  /** As the run goes on, tasks may come that the plan did not have at its start. */
  readonly specOf: (task: TaskId) => TaskSpec;
  readonly run: RunId;
  /** Absolute; every task runs here. */
  readonly projectDir: string;
  readonly params: ReadonlyMap<string, string>;
  /** Where `${env:…}` is looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What is in the files that tasks name by `env_file`. */
  readonly envFiles?: EnvFiles;
  /** What files of variables set for the whole run, where tasks do not inherit it from this process; absent when they do. */
  readonly inherited?: Readonly<Record<string, string>> | undefined;
  /** DATABASE_URL and the PG* variables for one attempt; absent when the run has no database. */
  readonly databaseEnv?: (run: string, task: string, attempt: number) => Readonly<Record<string, string>>;
};

/** So much later than its limit, which its orchestrator counts from when it has heard of the start. */
const backstopDelayMs = 60_000;

function backstopOf(limitMs: number, killGraceMs: number): Required<Pick<StartRequest, 'backstopMs'>> {
  return { backstopMs: limitMs + killGraceMs + backstopDelayMs };
}

type SharedContext = Omit<AttemptContext, 'specOf'>;

/**
 * Makes the requests of a run's attempts. A variable of the pipeline overrides one of the task's files, one of the task
 * overrides both, and those of the run itself override all. The variables of the database are read when an attempt begins, because a restart may move its port.
 * A task at the end is told how the run stands, by its `state`.
 * @param logPath of an attempt's output; undefined when it printed nothing
 */
export function attemptRequests(
  context: AttemptContext,
  logPath: (task: TaskId, attempt: number) => string | undefined = () => undefined,
): (task: TaskId, attempt: number, fallback: boolean, state: RunState) => StartRequest {
  const { specOf, run, projectDir, params, databaseEnv, envFiles, inherited } = context;
  const shared = sharedVariables(context);
  const environment = lookUpEnvironment(context);
  const ofMatrix = matrixVariables(context.written ?? context.pipeline);
  return (task, attempt, fallback, state) => {
    const spec = specOf(task);
    const index = state.plan.indexOf.get(task)!;
    const isEnd = state.plan.tasks[index]!.end !== undefined;
    const ofFiles = variablesInFiles(spec.envFiles, envFiles);
    const lookedUp = ofFiles === undefined ? environment : { ...environment, ...ofFiles };
    return {
      ref: { run, task, attempt },
      command: fallback && spec.fallback !== undefined ? spec.fallback.command : spec.command,
      cwd: spec.dir === undefined ? projectDir : join(projectDir, spec.dir.path),
      killGraceMs: spec.killGraceMs,
      ...backstopOf(timeoutOf(state, index, fallback), spec.killGraceMs),
      ...(spec.isolation === undefined ? {} : { isolation: spec.isolation }),
      ...needsOf(spec),
      get env() {
        return {
          ...inherited,
          ...databaseEnv?.(run, task, attempt),
          ...ofFiles,
          ...shared,
          ...expandEnv(spec.env, params, lookedUp, spec.instance?.values),
          ...ofMatrix(spec.instance),
          ETL_TASK: task,
          ETL_ATTEMPT: String(attempt),
          ...(spec.connections > 0 ? { ETL_CONNECTIONS: String(spec.connections) } : {}),
          ...(isEnd ? endVariables(state, logPath) : {}),
        };
      },
    };
  };
}

function needsOf({ labels, cpu, memoryBytes }: TaskSpec): Pick<StartRequest, 'needs'> {
  if (labels === undefined && cpu === undefined && memoryBytes === undefined) return {};
  return {
    needs: {
      ...(labels === undefined ? {} : { labels }),
      ...(cpu === undefined ? {} : { cpu }),
      ...(memoryBytes === undefined ? {} : { memoryBytes }),
    },
  };
}

/**
 * Makes the requests of what is run for a task before it starts. It gets what the task gets.
 * @param requestOf makes those of the tasks of the run
 * @param stateOf of the run at that moment
 */
export function conditionRequests(
  run: RunId,
  requestOf: ReturnType<typeof attemptRequests>,
  stateOf: () => RunState,
): (of: ConditionOf, command: Command, limitMs: number) => StartRequest {
  return ({ kind, task, attempt, time }, command, limitMs) => {
    const ofTask = requestOf(task, attempt, false, stateOf());
    return {
      ...withoutEnv(ofTask),
      ...backstopOf(limitMs, ofTask.killGraceMs),
      // No task may have a name with a colon.
      ref: { run, task: `${kind}:${task}` as TaskId, attempt: time },
      command,
      get env() {
        return ofTask.env;
      },
    };
  };
}

/** Its variables are not read yet. */
function withoutEnv(request: StartRequest): Pick<StartRequest, 'cwd' | 'killGraceMs' | 'isolation'> {
  const { cwd, killGraceMs, isolation } = request;
  return { cwd, killGraceMs, ...(isolation === undefined ? {} : { isolation }) };
}

/** From SIGTERM to SIGKILL. */
const killGraceOfChecksMs = 5_000;

/** Makes the requests of checks that are commands; they get what tasks get, and `ETL_CHECK` in place of `ETL_TASK`. */
export function checkRequests(context: SharedContext): (check: CheckSpec, attempt: number) => StartRequest {
  const { run, projectDir, databaseEnv, inherited } = context;
  const shared = sharedVariables(context);
  return ({ name, definition, timeoutMs }, attempt) => {
    if (definition.kind !== 'command') throw new Error(`check "${name}" has no command`);
    // No task may have a name with a colon.
    const task = `check:${name}` as TaskId;
    return {
      ref: { run, task, attempt },
      command: definition.command,
      cwd: projectDir,
      killGraceMs: killGraceOfChecksMs,
      ...backstopOf(timeoutMs, killGraceOfChecksMs),
      get env() {
        return { ...inherited, ...databaseEnv?.(run, task, attempt), ...shared, ETL_CHECK: name };
      },
    };
  };
}

/** Looks up what `${param:…}` and `${env:…}` stand for in a text. */
export function textExpander(context: AttemptContext): (text: string) => string {
  const environment = lookUpEnvironment(context);
  return (text) => expandEnv({ text }, context.params, environment)['text'] ?? '';
}

/** Where `${env:…}` is looked up: the environment, and the directories of the run. */
function lookUpEnvironment(context: SharedContext): AttemptContext['environment'] {
  return { ...context.environment, ...placeVariables(context) };
}

/** What everything that the run starts is given. */
function sharedVariables(context: SharedContext): Readonly<Record<string, string>> {
  const { pipeline, run, params } = context;
  return {
    ...expandEnv(pipeline.env, params, lookUpEnvironment(context)),
    ...paramVariables(pipeline, params),
    ETL_RUN_ID: run,
    ...placeVariables(context),
  };
}

function paramVariables({ params: specs }: PipelineSpec, params: AttemptContext['params']) {
  const specOf = new Map(specs.map((spec) => [spec.name, spec]));
  const variables = [...params].map(([name, value]) => variablesOf(variableOfParam(name), specOf.get(name), value));
  return Object.assign({}, ...variables) as Readonly<Record<string, string>>;
}
