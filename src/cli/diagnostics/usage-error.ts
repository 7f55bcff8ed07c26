import type { CommanderError } from 'commander';
import { type Diagnostic, didYouMean } from '../../engine/index.ts';

/** What commander found wrong with a call, in the form of all other mistakes. */
export function usageError(error: CommanderError, command: string): Diagnostic {
  const text = withoutValues(error.message.replace(/^error: /, ''));
  const [first = '', suggestion] = text.split('\n');
  const word = refusedWord(first);
  const meant = word?.meant ?? /\(Did you mean (?:one of )?(.+)\?\)/.exec(suggestion ?? '')?.[1];
  return {
    code: error.code === 'commander.unknownOption' ? 'usage/unknown-option' : 'usage/bad-argument',
    severity: 'error',
    message: (refusedValue(text) ?? word?.message ?? first).replace(/'/g, '"').replace(/\.$/, ''),
    hint: meant === undefined ? `see ${command} --help` : `did you mean ${meant}?`,
  };
}

/** Our own messages about a value begin with "must": `-j, --max-parallel must be a whole number, at least 1, not "0"`. */
function refusedValue(text: string): string | undefined {
  const parts = /^option '(.+?)(?: <[^>]*>)?'(?: argument ('.*'))? is invalid\. (must [^\n]*)/s.exec(text);
  if (parts === null) return undefined;
  const [, option, given, must] = parts;
  return `${option} ${must}${given === undefined ? '' : `, not ${given}`}`;
}

/**
 * `command-argument value 'x' is invalid for argument 'SHELL'. Allowed choices are bash, zsh.` and `option '--format <FORMAT>'
 * argument 'x' is invalid. Allowed choices are text, json.` in our words, with the one that was probably meant.
 */
function refusedWord(text: string): { readonly message: string; readonly meant: string | undefined } | undefined {
  const found =
    /^command-argument value '(?<given>.*)' is invalid for argument '(?<what>\w+)'\. Allowed choices are (?<all>.+)$/.exec(
      text,
    ) ??
    /^option '(?<what>.+?)(?: <[^>]*>)?' argument '(?<given>.*)' is invalid\. Allowed choices are (?<all>.+)$/.exec(
      text,
    );
  if (found?.groups === undefined) return undefined;
  const { given = '', what = '', all = '' } = found.groups;
  const choices = all.replace(/\.$/, '').split(', ');
  return {
    message: `${what} must be ${choices.join(', ').replace(/, (?=[^,]+$)/, ' or ')}, not '${given}'`,
    meant: didYouMean(given, choices),
  };
}

/** What is given as a parameter, or after the `=` of an option that does not exist, may be a secret. */
function withoutValues(message: string): string {
  return message
    .replace(/(--param <[^>]*>') argument '.*' is/s, '$1 is')
    .replace(/^(unknown option '[^=']*)=.*'/s, "$1'");
}

/** A word where a command or a file should be; behind `help`, a command. */
export function strayWord(word: string, commands: readonly string[], behind?: 'help'): Diagnostic {
  const meant = didYouMean(word, commands);
  return {
    code: 'usage/bad-argument',
    severity: 'error',
    message: `"${word}" is not a command${behind === undefined ? ' or a file' : ''}`,
    hint:
      meant === undefined
        ? 'see etl-tui --help'
        : `did you mean "${['etl-tui', behind, meant].filter((one) => one !== undefined).join(' ')}"?`,
  };
}
