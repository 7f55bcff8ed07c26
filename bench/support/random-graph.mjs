/** A seeded random number generator (mulberry32): the same graphs in every run. */
function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Tasks with log-normal durations (of 1 s at the median times `medianSeconds`), each behind at most three of the 40 tasks
 * before it.
 * @returns {{ name: string, seconds: number, after: string[] }[]}
 */
export function randomGraph(seed, count, medianSeconds = 1) {
  const random = createRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: count }, (_, index) => {
    const first = Math.max(0, index - 40);
    const before = Array.from(
      { length: Math.floor(random() * 4) },
      () => first + Math.floor(random() * (index - first)),
    );
    const after = index === 0 ? [] : [...new Set(before)].map((one) => `t${one}`);
    return { name: `t${index}`, seconds: Math.round(medianSeconds * Math.exp(normal()) * 1000) / 1000, after };
  });
}

/** The longest chain of a graph, and all its durations added up, in seconds. */
export function measureGraph(graph) {
  const ends = new Map();
  for (const { name, seconds, after } of graph) {
    ends.set(name, seconds + Math.max(0, ...after.map((one) => ends.get(one))));
  }
  return { chain: Math.max(...ends.values()), work: graph.reduce((sum, { seconds }) => sum + seconds, 0) };
}

/** The pipeline file of a graph of sleeps. */
export function pipelineOf(name, graph) {
  const lines = graph.map(
    ({ name: task, seconds, after }) =>
      `  ${task}: { command: ["sleep", "${seconds}"], cpu: 0.01, dependencies: [${after.join(', ')}] }`,
  );
  return `version: 1\nname: ${name}\ntasks:\n${lines.join('\n')}\n`;
}

export function medianOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[sorted.length >> 1] + sorted[(sorted.length - 1) >> 1]) / 2;
}
