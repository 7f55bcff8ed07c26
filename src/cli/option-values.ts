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

/** Comma lists, which may be repeated. */
export function collectNames(text: string, before: readonly string[] = []): readonly string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new InvalidArgumentError('must be names of tasks or levels');
  return [...before, ...names];
}

/** `K=V` after `K=V`; the last value of a name counts, and a value may hold `=`. */
export function collectParam(
  text: string,
  before: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('must be NAME=VALUE');
  return new Map([...before, [text.slice(0, at), text.slice(at + 1)]]);
}
