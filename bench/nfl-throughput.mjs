// The NFL refresh from sources as slow as real ones (3 MB/s per connection, 400 ms per answer with odds, 250 ms per
// weather file, 30 odds per second allowed), in three ways: in parallel; one task after the other; and one task and one
// request at a time, as a plain script would do it. Seconds of the run and of each task, the critical path, and whether
// the tables are the same. Usage: node bench/nfl-throughput.mjs [seasons] [runs of each way]
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './support/measure.mjs';
import { openRefreshProject } from './support/refresh-project.mjs';

const seasons = process.argv[2] ?? '2023-2024';
const runs = Number(process.argv[3] ?? 3);
const RATES = {
  ETL_SAMPLE_KB_PER_SECOND: '3000',
  ETL_SAMPLE_ODDS_LATENCY_MS: '400',
  ETL_SAMPLE_WEATHER_LATENCY_MS: '250',
  ETL_SAMPLE_ODDS_PER_SECOND: '30',
};
const WAYS = {
  parallel: { options: [] },
  sequential: { options: ['--sequential'] },
  'one request at a time': { options: ['--sequential'], requests: '1' },
};

const project = openRefreshProject({ seasons });
const measured = Object.fromEntries(Object.keys(WAYS).map((way) => [way, []]));
const tables = new Map();

try {
  console.log('making the sample files …');
  project.refresh();
  Object.assign(project.env, RATES);
  for (let run = 1; run <= runs; run++) {
    for (const [way, { options, requests }] of Object.entries(WAYS)) {
      await project.empty();
      rmSync(join(project.directory, '.etl-tui/downloads'), { recursive: true, force: true });
      if (requests === undefined) delete project.env.ETL_REQUESTS_AT_ONCE;
      else project.env.ETL_REQUESTS_AT_ONCE = requests;
      const result = project.refresh(...options);
      measured[way].push(result);
      console.log(`${way}, run ${run} of ${runs}: ${result.total_duration_seconds.toFixed(1)} s, ${result.status}`);
      compareTables(`${way}, run ${run}`, await project.hashTables());
    }
  }
  report();
} finally {
  project.close();
}

function compareTables(name, hashes) {
  // Its rows have the times and the run in them.
  delete hashes['public.odds_calls'];
  const text = JSON.stringify(hashes);
  if (tables.size === 0) tables.set(text, []);
  if (!tables.has(text)) {
    process.exitCode = 1;
    const [[first]] = tables;
    const differing = Object.keys(hashes).filter((table) => hashes[table] !== JSON.parse(first)[table]);
    console.log(`${name}: ${differing.join(', ')} differ from the first run`);
  }
  tables.set(text, [...(tables.get(text) ?? []), name]);
}

function report() {
  const middle = (way, of) =>
    median(
      measured[way].map((result) => ({ value: of(result) })),
      'value',
    );
  const durations = (way) =>
    Object.fromEntries(
      measured[way][0].results.map(({ task }, index) => [
        task,
        middle(way, (run) => run.results[index].duration_seconds),
      ]),
    );
  const ways = Object.keys(WAYS);
  const byWay = Object.fromEntries(ways.map((way) => [way, durations(way)]));
  console.table(
    Object.fromEntries(
      Object.keys(byWay.parallel).map((task) => [task, Object.fromEntries(ways.map((way) => [way, byWay[way][task]]))]),
    ),
  );
  const wall = Object.fromEntries(ways.map((way) => [way, middle(way, (run) => run.total_duration_seconds)]));
  const critical = middle('parallel', (run) => run.performance.critical_path_seconds);
  console.table(
    Object.fromEntries(
      ways.map((way) => [
        way,
        { 'wall s': wall[way], 'parallel is faster by': Number((wall[way] / wall.parallel).toFixed(2)) },
      ]),
    ),
  );
  console.log(
    `critical path of the parallel runs ${critical.toFixed(1)} s: ${((critical / wall.parallel) * 100).toFixed(1)} % of their wall; ` +
      `tables ${tables.size === 1 ? 'the same after every run' : 'DIFFER'}`,
  );
}
