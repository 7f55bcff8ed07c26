import { compileSecrets } from '../../masking/compile-secrets.ts';
import { findSecrets, isSecretName, namesOf } from '../../masking/find-secrets.ts';
import { maskCheckResult, maskPlan } from '../../masking/mask-plan.ts';
import { maskText } from '../../masking/mask-stream.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { variableOfParam } from '../../model/params/param-variables.ts';
import type { CheckSpec, PipelineSpec } from '../../model/pipeline/pipeline.ts';
import type { Plan } from '../../model/pipeline/plan.ts';
import type { CheckRunner } from '../../ports.ts';
import { expandEnv } from '../request/resolve-params.ts';
import type { EnvFiles } from '../request/surroundings.ts';

/** Masks the secrets of a run wherever something of it is shown or stored. */
export type RunMasking = {
  /** The values to be masked in the output of tasks. */
  readonly secrets: readonly string[];
  /** The same by the variables that hold them, in so far as they have names; also those declared ones that have no value here. */
  readonly namedSecrets: ReadonlyMap<string, string>;
  readonly mask: (text: string) => string;
  /** The plan as it may be shown and stored. */
  readonly plan: Plan;
  /** Runs the checks as they are written, and masks their results. */
  readonly checks: (runner: CheckRunner) => CheckRunner;
  /** `run/weak-secret`, when there are any. */
  readonly warnings: readonly Diagnostic[];
};

type MaskingContext = {
  readonly plan: Plan;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly params: ReadonlyMap<string, string>;
  readonly envFiles?: EnvFiles;
};

/** Stands for the secrets of the database in the list of variables; no variable can have this name. */
const databaseName = 'the database';

/** The same for what is in files of variables: whatever its name is, it is secret. */
const inEnvFile = 'a file of variables';

/** Secrets are the passwords of the environment, the file, the parameters and the database, and all that is in files of variables. */
export function maskRun(
  { plan, env, params, envFiles }: MaskingContext,
  databaseSecrets: readonly string[],
): RunMasking {
  const { pipeline } = plan;
  const inFiles = [...(envFiles?.values() ?? [])].flatMap((one) => Object.entries(one));
  const lookedUp = inFiles.length === 0 ? env : { ...env, ...Object.fromEntries(inFiles) };
  const written = [pipeline.env, ...pipeline.tasks.map((task) => task.env)].flatMap((one) =>
    Object.entries(expandEnv(one, params, lookedUp)),
  );
  const ofFiles = inFiles.map(([, value]) => [inEnvFile, value] as const);
  const variables = [...Object.entries(env), ...params, ...written, ...inFiles, ...ofFiles];
  const ofDatabase = databaseSecrets.map((secret) => [databaseName, secret] as const);
  const webhooks = webhookVariables(pipeline);
  const ofWebhooks = webhooks.flatMap((name) => pathOf(env[name]).map((path) => [name, path] as const));
  const declared = [databaseName, inEnvFile, ...pipeline.secrets, ...webhooks];
  const found = findSecrets([...variables, ...ofDatabase, ...ofWebhooks], declared, namesOf(plan));
  // Of a file, only what is a secret by its name is missed: most files hold ordinary words and numbers as well.
  const weak = found.weak.filter((name) => !name.endsWith(databaseName) && !name.endsWith(inEnvFile));
  const patterns = compileSecrets(found.values);
  const mask = (text: string) => maskText(patterns, text);
  const checks = new Map<string, CheckSpec>(plan.checks.map(({ spec }) => [spec.name, spec]));
  return {
    secrets: found.values,
    get namedSecrets() {
      const declaredNames = new Set(pipeline.secrets);
      const ofParams = [...params].map(([name, value]) => [variableOfParam(name), value, name] as const);
      const ofEnv = Object.entries(env).map(([name, value = '']) => [name, value, name] as const);
      const named = [...ofEnv, ...ofParams].filter(
        ([variable, value, name]) =>
          value !== '' && !variable.startsWith('ETL_TUI_') && (isSecretName(name, declaredNames) || hasSecret(value)),
      );
      const unset = pipeline.secrets.map((name) => [name, ''] as const);
      return new Map([...unset, ...named.map(([name, value]) => [name, value] as const), ...inFiles]);
    },
    mask,
    plan: maskPlan(plan, mask),
    checks: (runner) => ({
      run: async (check) => maskCheckResult(await runner.run(checks.get(check.name) ?? check), mask),
    }),
    warnings: weak.length === 0 ? [] : [weakSecrets(weak)],
  };
}

/** Whether it is the address of something with a password. */
function hasSecret(value: string): boolean {
  return value.includes('://') && findSecrets([['', value]]).values.length > 0;
}

/** The variables that hold the addresses of webhooks. */
export function webhookVariables({ notify = [], tasks }: PipelineSpec): readonly string[] {
  const all = [...notify, ...tasks.flatMap((task) => task.notify ?? [])];
  return [...new Set(all.flatMap(({ by }) => (by.kind === 'webhook' ? [by.variable] : [])))];
}

const shortestToken = 16;

/** What makes the address of a webhook secret is behind the name of its host, and may be printed without it. */
function pathOf(address: string | undefined): readonly string[] {
  if (address === undefined || !URL.canParse(address)) return [];
  const { pathname, search } = new URL(address);
  const path = pathname.slice(1);
  const tokens = path.split('/').filter((part) => part.length >= shortestToken);
  return path === '' ? [] : [`${path}${search}`, path, ...tokens];
}

function weakSecrets(names: readonly string[]): Diagnostic {
  const word = names.length === 1 ? 'is' : 'are';
  return {
    code: 'run/weak-secret',
    severity: 'warning',
    message: `${names.join(', ')} ${word} not masked in the output of tasks: too short, or a common word`,
    hint: 'a secret needs at least 4 characters and must not be a common word, user name or name in the pipeline',
  };
}
