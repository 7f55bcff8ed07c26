import type { Diagnostic } from '../model/diagnostic.ts';
import type {
  Awaited,
  CheckDefinition,
  CheckSpec,
  Command,
  LocatedPath,
  Notification,
  ParamSpec,
  PipelineSpec,
  RowFilter,
  TaskSpec,
} from '../model/pipeline/pipeline.ts';
import type { OpenMatrices, Plan } from '../model/pipeline/plan.ts';
import { failed, ok } from '../model/result.ts';
import type { CheckAnswer, CheckResult } from '../model/run/check-result.ts';
import { unreachable } from '../model/unreachable.ts';
import { isSecretName } from './find-secrets.ts';

type Mask = (text: string) => string;
type MaskNamed = (name: string, value: string) => string;

/**
 * The plan with secrets masked in every text in which an author may have written one, so that it can be shown and stored.
 * Names and the structure stay unchanged, even where a name contains the value of a secret.
 */
export function maskPlan(plan: Plan, mask: Mask): Plan {
  const pipeline = maskPipeline(plan.pipeline, mask);
  const tasks = new Map(pipeline.tasks.map((task) => [task.id, task]));
  const checks = new Map(pipeline.checks.map((check) => [check.name, check]));
  return {
    ...plan,
    pipeline,
    ...(plan.written === undefined
      ? {}
      : { written: { ...plan.written, pipeline: maskPipeline(plan.written.pipeline, mask) } }),
    ...(plan.open === undefined ? {} : { open: maskOpen(plan.open, mask) }),
    tasks: plan.tasks.map((task) => ({ ...task, spec: tasks.get(task.spec.id)! })),
    checks: plan.checks.map((check) => ({ ...check, spec: checks.get(check.spec.name)! })),
  };
}

/** The same lines give the same plan. */
function maskOpen({ files, fill }: OpenMatrices, mask: Mask): OpenMatrices {
  const known = new Map<Plan, Plan>();
  return {
    files,
    fill: (lines) => {
      const filled = fill(lines);
      if (!filled.ok) return failed(mask(filled.error));
      const masked = known.get(filled.value) ?? maskPlan(filled.value, mask);
      known.set(filled.value, masked);
      return ok(masked);
    },
  };
}

function maskPipeline(spec: PipelineSpec, mask: Mask): PipelineSpec {
  const maskNamed = maskByName(spec.secrets, mask);
  return {
    ...spec,
    params: spec.params.map((param) => maskParam(param, mask, maskNamed)),
    env: maskValues(spec.env, maskNamed),
    ...maskEnvFiles(spec.envFiles, mask),
    tasks: spec.tasks.map((task) => maskTask(task, mask, maskNamed)),
    checks: spec.checks.map((check) => maskCheck(check, mask)),
    ...maskNotifications(spec.notify, mask),
  };
}

function maskParam(param: ParamSpec, mask: Mask, maskNamed: MaskNamed): ParamSpec {
  const { default: value, pattern, description, choices } = param;
  return {
    ...param,
    ...(value === undefined ? {} : { default: maskNamed(param.name, value) }),
    ...(pattern === undefined ? {} : { pattern: mask(pattern) }),
    ...(description === undefined ? {} : { description: mask(description) }),
    ...(choices === undefined ? {} : { choices: choices.map((choice) => maskNamed(param.name, choice)) }),
  };
}

function maskTask(task: TaskSpec, mask: Mask, maskNamed: MaskNamed): TaskSpec {
  const { description, dir, fallback, retry, onlyIf, waitFor } = task;
  return {
    ...task,
    command: maskCommand(task.command, mask),
    env: maskValues(task.env, maskNamed),
    ...(task.inputs === undefined ? {} : { inputs: task.inputs.map(mask) }),
    outputs: task.outputs.map(mask),
    ...(dir === undefined ? {} : { dir: maskPath(dir, mask) }),
    ...maskEnvFiles(task.envFiles, mask),
    ...maskNotifications(task.notify, mask),
    ...(description === undefined ? {} : { description: mask(description) }),
    ...(retry.on === undefined ? {} : { retry: { ...retry, on: { ...retry.on, output: retry.on.output.map(mask) } } }),
    ...(fallback === undefined
      ? {}
      : { fallback: { ...fallback, command: maskCommand(fallback.command, mask), note: mask(fallback.note) } }),
    ...(onlyIf === undefined ? {} : { onlyIf: { ...onlyIf, command: maskCommand(onlyIf.command, mask) } }),
    ...(waitFor === undefined ? {} : { waitFor: { ...waitFor, for: maskAwaited(waitFor.for, mask) } }),
  };
}

function maskPath({ path, at }: LocatedPath, mask: Mask): LocatedPath {
  return { path: mask(path), at };
}

function maskEnvFiles(
  files: readonly LocatedPath[] | undefined,
  mask: Mask,
): { readonly envFiles?: readonly LocatedPath[] } {
  return files === undefined ? {} : { envFiles: files.map((file) => maskPath(file, mask)) };
}

function maskAwaited(awaited: Awaited, mask: Mask): Awaited {
  switch (awaited.kind) {
    case 'command':
      return { ...awaited, command: maskCommand(awaited.command, mask) };
    case 'file':
      return { ...awaited, path: mask(awaited.path) };
    case 'pipeline':
      return {
        ...awaited,
        file: mask(awaited.file),
        ...(awaited.logDir === undefined ? {} : { logDir: mask(awaited.logDir) }),
      };
    default:
      return unreachable(awaited);
  }
}

function maskNotifications(
  notify: readonly Notification[] | undefined,
  mask: Mask,
): { readonly notify?: readonly Notification[] } {
  if (notify === undefined) return {};
  return {
    notify: notify.map(({ on, to, by }) => ({
      on,
      ...(to === undefined ? {} : { to: maskWords(to, mask) }),
      by: by.kind === 'command' ? { kind: 'command', command: maskCommand(by.command, mask) } : by,
    })),
  };
}

function maskCommand(command: Command, mask: Mask): Command {
  if (command.kind === 'argv') return { kind: 'argv', argv: maskWords(command.argv, mask) };
  const { script, shell } = command;
  return { kind: 'shell', script: mask(script), ...(shell === undefined ? {} : { shell: maskWords(shell, mask) }) };
}

function maskWords([first, ...others]: readonly [string, ...string[]], mask: Mask): readonly [string, ...string[]] {
  return [mask(first), ...others.map(mask)];
}

function maskCheck(check: CheckSpec, mask: Mask): CheckSpec {
  const { description } = check;
  return {
    ...check,
    ...(description === undefined ? {} : { description: mask(description) }),
    definition: maskCheckDefinition(check.definition, mask),
  };
}

/** Tables and columns are names, and stay as they are. */
function maskCheckDefinition(definition: CheckDefinition, mask: Mask): CheckDefinition {
  const maskValue = <Value>(value: Value) => (typeof value === 'string' ? mask(value) : value);
  switch (definition.kind) {
    case 'sql':
      return { ...definition, sql: mask(definition.sql), expect: maskValue(definition.expect) };
    case 'command': {
      const { command, expect } = definition;
      const masked = { ...definition, command: maskCommand(command, mask) };
      return expect === undefined ? masked : { ...masked, expect: maskValue(expect) };
    }
    case 'accepted_values':
      return { ...maskWhere(definition, mask), values: definition.values.map(mask) };
    case 'range': {
      const { min, max } = definition;
      return {
        ...maskWhere(definition, mask),
        ...(min === undefined ? {} : { min: maskValue(min) }),
        ...(max === undefined ? {} : { max: maskValue(max) }),
      };
    }
    case 'references':
    case 'unique':
    case 'not_null':
    case 'row_count':
    case 'same_count':
    case 'freshness':
      return maskWhere(definition, mask);
    default:
      return unreachable(definition);
  }
}

function maskWhere<Filtered extends RowFilter>(definition: Filtered, mask: Mask): Filtered {
  return definition.where === undefined ? definition : { ...definition, where: mask(definition.where) };
}

export function maskCheckResult(result: CheckAnswer, mask: Mask): CheckAnswer {
  const measured = Object.entries(result.measured).map(([name, value]) => [name, maskMeasured(value, mask)]);
  return { ...result, summary: mask(result.summary), measured: Object.fromEntries(measured) };
}

function maskMeasured(value: CheckResult['measured'][string], mask: Mask): CheckResult['measured'][string] {
  if (typeof value === 'string') return mask(value);
  return Array.isArray(value) ? value.map((item: string) => mask(item)) : value;
}

export function maskDiagnostic(diagnostic: Diagnostic, mask: Mask): Diagnostic {
  const { message, hint, related } = diagnostic;
  return {
    ...diagnostic,
    message: mask(message),
    ...(hint === undefined ? {} : { hint: mask(hint) }),
    ...(related === undefined ? {} : { related: related.map((place) => ({ ...place, message: mask(place.message) })) }),
  };
}

function maskValues(values: Readonly<Record<string, string>>, maskNamed: MaskNamed): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, maskNamed(name, value)]));
}

/** Next to its name, even a weak secret is masked; a mere reference to a variable is not. */
export function maskByName(secrets: readonly string[], mask: Mask): MaskNamed {
  const declared = new Set(secrets);
  return (name, value) => (isSecretName(name, declared) && !value.includes('${') ? '***' : mask(value));
}
