import { didYouMean } from '../../model/text/did-you-mean.ts';
import { type Report, reportError } from '../report-error.ts';
import type { Mapping } from '../schema/list-shapes.ts';
import type { PipelineRecord } from '../schema/pipeline-shape.ts';
import type { LocatedText } from '../schema/scalar-shapes.ts';
import { splitEnvText } from './env-text.ts';

export type ReferenceCheck = {
  /** Checks that each `${…}` in a text names a declared parameter or an environment variable. */
  readonly text: (value: LocatedText | undefined) => void;
  readonly env: (env: Mapping<LocatedText> | undefined) => void;
  /** Checks that parameters are declared. */
  readonly params: (names: readonly LocatedText[] | undefined) => void;
};

/** Checks what the file says of its parameters. */
export function createReferenceCheck({ params, node }: PipelineRecord, report: Report): ReferenceCheck {
  const known = new Set((params?.entries ?? []).map(({ name }) => name));
  const certain = node.complete && (params?.complete ?? !node.entries.some(({ key }) => key === 'params'));

  function checkText(value: LocatedText): void {
    for (const part of splitEnvText(value.text)) {
      if (part.kind === 'unknown') {
        const message = `"${part.written}" has no meaning here`;
        const hint = `write \${param:name} or \${env:NAME}; $\${ stands for a literal \${`;
        reportError(report, { code: 'spec/bad-value', at: value, message, hint });
      } else if (part.kind === 'param') checkName(part.name, value);
    }
  }

  function checkName(name: string, at: LocatedText): void {
    if (!certain || known.has(name)) return;
    const meant = didYouMean(name, known);
    const hint = meant === undefined ? 'declare it under "params"' : `did you mean "${meant}"?`;
    reportError(report, { code: 'plan/unknown-param', at, message: `there is no parameter "${name}"`, hint });
  }

  const text = (value: LocatedText | undefined) => {
    if (value?.text.includes('${')) checkText(value);
  };
  return {
    text,
    env: (env) => {
      for (const { value } of env?.entries ?? []) text(value);
    },
    params: (names) => {
      for (const one of names ?? []) checkName(one.text, one);
    },
  };
}
