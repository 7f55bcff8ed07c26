import { declaredSecrets, findSecretsInText, hideSecretsInText } from '../masking/find-secrets-in-text.ts';
import type { IncludedFile } from '../spec/include/included-file.ts';

/**
 * The text of a pipeline file as it is kept with a run: behind it, as comments, those of the files that it includes, so that
 * its own lines keep their numbers. The secrets that are written in these are stars.
 */
export function pipelineCopy(text: string, included: readonly IncludedFile[]): string {
  if (included.length === 0) return text;
  const declared = new Set([text, ...included.map((one) => one.text)].flatMap((one) => [...declaredSecrets(one)]));
  const parts = included.map((one) => {
    const hidden = hideSecretsInText(one.text, findSecretsInText(one.text, declared));
    const lines = hidden.replace(/\r?\n$/, '').split(/\r?\n/);
    return [`# included: ${one.file}`, ...lines.map((line) => `# ${line}`.trimEnd()), ''].join('\n');
  });
  return [text.endsWith('\n') ? text.slice(0, -1) : text, ...parts].join('\n');
}
