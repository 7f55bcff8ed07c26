import type { ParamSpec } from '../../model/pipeline/pipeline.ts';
import { didYouMean } from '../../model/text/did-you-mean.ts';
import { type Report, reportError } from '../report-error.ts';
import type { Mapping } from '../schema/list-shapes.ts';
import type { PipelineRecord } from '../schema/pipeline-shape.ts';
import { valueRange } from '../schema/record-shape.ts';
import type { LocatedText } from '../schema/scalar-shapes.ts';
import { compilePattern } from './compile-pattern.ts';
import { splitEnvText } from './env-text.ts';

export function buildParams(params: PipelineRecord['params'], report: Report): readonly ParamSpec[] {
  return (params?.entries ?? []).map(({ name, value }) => {
    const pattern = value?.pattern;
    const matches = pattern === undefined ? undefined : compilePattern(pattern);
    if (value !== undefined && typeof matches === 'string') {
      const at = valueRange(value.node, 'pattern');
      const hint = 'patterns are JavaScript regular expressions';
      const message = `"${pattern}" cannot be used as a pattern: ${matches}`;
      reportError(report, { code: 'spec/bad-value', at, message, hint });
    }
    if (value?.default !== undefined && typeof matches === 'function' && !matches(value.default.text)) {
      const message = `the default of parameter "${name}" does not match its pattern ${pattern}`;
      reportError(report, { code: 'spec/bad-value', at: value.default, message });
    }
    return {
      name,
      ...(value?.default === undefined ? {} : { default: value.default.text }),
      ...(pattern === undefined ? {} : { pattern }),
      ...(value?.description === undefined ? {} : { description: value.description }),
    };
  });
}

/** Checks that each `${…}` in the values of an `env` names a declared parameter or an environment variable. */
export function createEnvCheck(
  { params, node }: PipelineRecord,
  report: Report,
): (env: Mapping<LocatedText> | undefined) => void {
  const known = new Set((params?.entries ?? []).map(({ name }) => name));
  const certain = node.complete && (params?.complete ?? !node.entries.some(({ key }) => key === 'params'));

  function checkText(value: LocatedText): void {
    for (const part of splitEnvText(value.text)) {
      if (part.kind === 'unknown') {
        const message = `"${part.written}" has no meaning here`;
        const hint = `write \${param:name} or \${env:NAME}; $\${ stands for a literal \${`;
        reportError(report, { code: 'spec/bad-value', at: value, message, hint });
      } else if (part.kind === 'param' && certain && !known.has(part.name)) {
        const meant = didYouMean(part.name, known);
        const hint = meant === undefined ? 'declare it under "params"' : `did you mean "${meant}"?`;
        const message = `there is no parameter "${part.name}"`;
        reportError(report, { code: 'plan/unknown-param', at: value, message, hint });
      }
    }
  }

  return (env) => {
    for (const { value } of env?.entries ?? []) if (value?.text.includes('${')) checkText(value);
  };
}
