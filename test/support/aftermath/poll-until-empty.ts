/** Polls until there is nothing left; returns what there still is after `withinMs`. */
export async function pollUntilEmpty(
  look: () => readonly string[] | Promise<readonly string[]>,
  withinMs: number,
): Promise<readonly string[]> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found.length === 0 || performance.now() > deadline) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
