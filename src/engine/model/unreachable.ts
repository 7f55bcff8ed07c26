/** Ends an exhaustive `switch`: a member that nobody handled does not compile, and at run time it is a bug that says so. */
export function unreachable(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
