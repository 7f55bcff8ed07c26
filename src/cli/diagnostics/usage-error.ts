import type { CommanderError } from 'commander';
import { type Diagnostic, didYouMean } from '../../engine/index.ts';

/** What commander found wrong with a call, in the form of all other mistakes. */
export function usageError(error: CommanderError, command: string): Diagnostic {
  const text = withoutValues(error.message.replace(/^error: /, ''));
  const [first = '', suggestion] = text.split('\n');
  const meant = /\(Did you mean (?:one of )?(.+)\?\)/.exec(suggestion ?? '')?.[1];
  return {
    code: error.code === 'commander.unknownOption' ? 'usage/unknown-option' : 'usage/bad-argument',
    severity: 'error',
    message: (refusedValue(text) ?? refusedWord(first) ?? first).replace(/'/g, '"').replace(/\.$/, ''),
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

/** `command-argument value 'x' is invalid for argument 'SHELL'. Allowed choices are bash, zsh.` in our words. */
function refusedWord(text: string): string | undefined {
  const [, given, argument, choices] =
    /^command-argument value '(.*)' is invalid for argument '(\w+)'\. Allowed choices are (.+)$/.exec(text) ?? [];
  if (given === undefined || choices === undefined) return undefined;
  return `${argument} must be ${choices.replace(/\.$/, '').replace(/, (?=[^,]+$)/, ' or ')}, not '${given}'`;
}

/** What is given as a parameter, or after the `=` of an option that does not exist, may be a secret. */
function withoutValues(message: string): string {
  return message
    .replace(/(--param <[^>]*>') argument '.*' is/s, '$1 is')
    .replace(/^(unknown option '[^=']*)=.*'/s, "$1'");
}

/** A word where a command or a file should be. */
export function strayWord(word: string, commands: readonly string[]): Diagnostic {
  const meant = didYouMean(word, commands);
  return {
    code: 'usage/bad-argument',
    severity: 'error',
    message: `"${word}" is not a command or a file`,
    hint: meant === undefined ? 'see etl-tui --help' : `did you mean "etl-tui ${meant}"?`,
  };
}
