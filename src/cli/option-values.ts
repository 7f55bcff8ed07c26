import { InvalidArgumentError } from 'commander';

/** A whole number from 1. */
export function positiveInteger(text: string): number {
  if (!/^\d{1,6}$/.test(text) || Number(text) === 0)
    throw new InvalidArgumentError('must be a whole number, at least 1');
  return Number(text);
}

/** How many tasks may run at once. */
export function parallelLimit(text: string): number | 'auto' {
  if (text === 'auto') return text;
  if (!/^\d{1,6}$/.test(text) || Number(text) === 0) {
    throw new InvalidArgumentError('must be a whole number, at least 1, or auto');
  }
  return Number(text);
}

/** Comma lists, which may be repeated. A comma between brackets belongs to a name: `align[sample=a,unit=1]`. */
export function collectNames(text: string, before: readonly string[] = []): readonly string[] {
  const names = text
    .split(/,(?![^[\]]*\])/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new InvalidArgumentError('must be names, with commas between them');
  return [...before, ...names];
}

export const paramHelp = 'set a parameter; may be repeated; K alone takes the value from ETL_PARAM_K';

/**
 * `K=V` after `K=V`; the last value of a name counts, and a value may hold `=`. A `K` alone takes its value from the variable
 * `ETL_PARAM_K` of `env`: every user of the machine can read command lines.
 */
export function collectParam(env: Readonly<Record<string, string | undefined>>) {
  return (text: string, before: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> => {
    const at = text.indexOf('=');
    if (at > 0) return new Map([...before, [text.slice(0, at), text.slice(at + 1)]]);
    if (!/^[a-z][a-z0-9_]*$/.test(text)) throw new InvalidArgumentError('must be NAME=VALUE');
    const value = env[`ETL_PARAM_${text.toUpperCase()}`];
    if (value === undefined) {
      throw new InvalidArgumentError(
        'must be NAME=VALUE, or a NAME whose value is in the environment variable ETL_PARAM_NAME',
      );
    }
    return new Map([...before, [text, value]]);
  };
}

/** Text for people. */
export function shortText(text: string): string {
  if (!/^(?=.*\S)\P{Cc}{1,100}$/u.test(text)) throw new InvalidArgumentError('must have 1 to 100 characters');
  return text;
}

/** Comma lists, which may be repeated. */
export function collectLabels(text: string, before: readonly string[] = []): readonly string[] {
  const labels = text.split(',').map((label) => label.trim());
  if (!labels.every((label) => /^[\w.-]+$/.test(label)))
    throw new InvalidArgumentError('must be labels of letters, digits, _ - .');
  return [...new Set([...before, ...labels])];
}
