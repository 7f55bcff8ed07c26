import { type Condition, isCalled } from '../../../display/states/task-display.ts';

/**
 * Compiles a filter as typed: terms that must all match. A term is a part of the task's name, or `state:` with the beginning
 * of a state (`state:fail`); `!` before either negates it. undefined = everything matches.
 */
export function compileFilter(text: string): ((lowerCaseName: string, condition: Condition) => boolean) | undefined {
  const words = text.toLowerCase().split(/\s+/).map(compileWord);
  const conditions = words.filter((word) => word !== undefined);
  if (conditions.length === 0) return undefined;
  return (name, condition) => conditions.every((matches) => matches(name, condition));
}

type Matches = (name: string, condition: Condition) => boolean;

/** undefined for `!` and `state:`, the beginnings of terms that are still being typed. */
function compileWord(word: string): Matches | undefined {
  const negated = word.startsWith('!');
  const term = negated ? word.slice(1) : word;
  if (term === '' || term === stateKey) return undefined;
  const matches: Matches = term.startsWith(stateKey)
    ? (_name, condition) => isCalled(condition, term.slice(stateKey.length))
    : (name) => name.includes(term);
  return negated ? (name, condition) => !matches(name, condition) : matches;
}

const stateKey = 'state:';
