import { isSecretName } from '../../masking/find-secrets.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EpochMs } from '../../model/ids.ts';
import { parseParamValues, readParamText } from '../../model/params/param-values.ts';
import { variableOfParam } from '../../model/params/param-variables.ts';
import type { ParamSpec, PipelineSpec } from '../../model/pipeline/pipeline.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { didYouMean } from '../../model/text/did-you-mean.ts';
import { compilePattern } from '../../spec/build/compile-pattern.ts';
import { type EnvPart, splitEnvText } from '../../spec/build/env-text.ts';

/**
 * The values of a run's parameters: those that were given, else their defaults, each in the notation of its type. What
 * depends on the start, such as `yesterday`, is computed here and nowhere else: a run keeps these values, and is resumed with
 * them. All mistakes at once (`plan/unknown-param`, `usage/bad-argument`).
 * @param now when the run is started
 * @param missing what becomes of a parameter without a value: where nothing is run, its value is not known
 */
export function resolveParams(
  spec: PipelineSpec,
  given: ReadonlyMap<string, string>,
  now: EpochMs,
  missing: 'refused' | 'left-out' = 'refused',
): Result<ReadonlyMap<string, string>, readonly Diagnostic[]> {
  const declared = new Set(spec.secrets);
  const known = new Set(spec.params.map(({ name }) => name));
  const mistakes = [...given.keys()].filter((name) => !known.has(name)).map((name) => unknownParam(name, known));
  const values = new Map<string, string>();
  for (const param of spec.params) {
    const text = given.get(param.name) ?? param.default;
    if (text === undefined && missing === 'left-out') continue;
    const value = text === undefined ? failed(withoutValue(param, declared)) : readValue(param, text, now, declared);
    if (value.ok) values.set(param.name, value.value);
    else mistakes.push(value.error);
  }
  return mistakes.length > 0 ? failed(mistakes) : ok(values);
}

/**
 * An `env` of the pipeline with its `${param:…}`, `${env:…}` and `${matrix:…}` looked up; what is not set is empty.
 * @param matrix the values of the instance to which it belongs
 */
export function expandEnv(
  env: Readonly<Record<string, string>>,
  params: ReadonlyMap<string, string>,
  environment: Readonly<Record<string, string | undefined>>,
  matrix: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const textOf = (part: EnvPart): string => {
    switch (part.kind) {
      case 'text':
        return part.text;
      case 'param':
        return params.get(part.name) ?? '';
      case 'env':
        return environment[part.name] ?? '';
      case 'matrix':
        return matrix[part.name] ?? '';
      case 'unknown':
        return part.written;
    }
  };
  const expand = (text: string) => splitEnvText(text).map(textOf).join('');
  return Object.fromEntries(
    Object.entries(env).map(([name, text]) => [name, text.includes('$') ? expand(text) : text]),
  );
}

function readValue(
  param: ParamSpec,
  text: string,
  now: EpochMs,
  declared: ReadonlySet<string>,
): Result<string, Diagnostic> {
  const { name, pattern, description } = param;
  const isSecret = isSecretName(name, declared);
  const refuse = (refused: string, hint: string): Result<string, Diagnostic> =>
    failed({
      code: 'usage/bad-argument',
      severity: 'error',
      message: isSecret ? `the value of parameter "${name}" is invalid` : `parameter "${name}" cannot be "${refused}"`,
      hint: description === undefined ? hint : `${hint} (${description})`,
    });
  const value = readParamText(param, text, now);
  // What was meant may be nearly the secret.
  if (!value.ok) return refuse(text, isSecret ? `it takes a value of type ${param.type}` : value.error);
  const matches = pattern === undefined ? undefined : compilePattern(pattern);
  if (typeof matches !== 'function') return value;
  const wrong = parseParamValues(param, value.value).find((one) => !matches(one));
  return wrong === undefined ? value : refuse(wrong, `it must match ${pattern}`);
}

function withoutValue({ name, description }: ParamSpec, declared: ReadonlySet<string>): Diagnostic {
  const way = isSecretName(name, declared)
    ? `put it into ${variableOfParam(name)} and use --param ${name}`
    : `use --param ${name}=…`;
  return {
    code: 'usage/bad-argument',
    severity: 'error',
    message: `parameter "${name}" has no value and no default`,
    hint: `${way}${description === undefined ? '' : ` (${description})`}`,
  };
}

function unknownParam(name: string, known: ReadonlySet<string>): Diagnostic {
  const meant = didYouMean(name, known);
  const list = known.size === 0 ? 'the pipeline declares none' : `there are: ${[...known].join(', ')}`;
  return {
    code: 'plan/unknown-param',
    severity: 'error',
    message: `--param names a parameter "${name}", which does not exist`,
    hint: meant === undefined ? list : `did you mean "${meant}"?`,
  };
}
