const most = 5;

/** Where two values of JSON differ, by path, the first few: `results.2.status is "failed" and not "success"`. */
export function differences(found: unknown, wanted: unknown): readonly string[] {
  return [...compare(found, wanted, [])].slice(0, most);
}

function* compare(found: unknown, wanted: unknown, path: readonly string[]): Generator<string> {
  if (isBranch(found) && isBranch(wanted)) {
    for (const key of new Set([...Object.keys(found), ...Object.keys(wanted)])) {
      yield* compare(found[key], wanted[key], [...path, key]);
    }
  } else if (!Object.is(found, wanted)) {
    yield `${path.join('.')} is ${JSON.stringify(found)} and not ${JSON.stringify(wanted)}`;
  }
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
