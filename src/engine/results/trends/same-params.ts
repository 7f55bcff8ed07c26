/** The parameters of a run, masked; absent when it had none. */
export type RunParams = Readonly<Record<string, string>> | undefined;

/** Whether two runs had the same values of the same parameters: a load of ten seasons takes longer than one of two. */
export function haveSameParams(one: RunParams = {}, other: RunParams = {}): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
