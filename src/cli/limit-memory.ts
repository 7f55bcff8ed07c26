/** In characters; the largest pipelines that people write by hand are smaller. */
const largeText = 200_000;
const growthPercent = 20;

/**
 * To be called before a pipeline is read. Reading a large one takes a hundred megabytes for a moment, and from then on
 * V8 would let garbage grow to twice of that: such a program collects earlier, for a few per cent of CPU time.
 */
export function limitMemory(pipelineText: string): void {
  if (pipelineText.length < largeText) return;
  // Not imported, so that the usual start does not load it.
  process.getBuiltinModule('node:v8').setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
}
