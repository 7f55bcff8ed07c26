import type { CommanderError } from 'commander';
import { type Diagnostic, didYouMean } from '../engine/index.ts';

/** What commander found wrong with a call, in the form of all other mistakes. */
export function usageError(error: CommanderError, command: string): Diagnostic {
  const [first = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const meant = /\(Did you mean (?:one of )?(.+)\?\)/.exec(suggestion ?? '')?.[1];
  return {
    code: error.code === 'commander.unknownOption' ? 'usage/unknown-option' : 'usage/bad-argument',
    severity: 'error',
    message: withoutValues(first).replace(/'/g, '"').replace(/\.$/, ''),
    hint: meant === undefined ? `see ${command} --help` : `did you mean ${meant}?`,
  };
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
    message: `"${word}" is neither a command nor a file`,
    hint: meant === undefined ? 'see etl-tui --help' : `did you mean "etl-tui ${meant}"?`,
  };
}
