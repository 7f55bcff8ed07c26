/** The default of an exhaustive `switch`: an unhandled member does not compile, and throws at run time. */
export function unreachable(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
