// The NFL refresh on sample data in a project of its own: parallel, once more with nothing new, sequential; the time of
// each task, and whether the tables are the same afterwards. Usage: node bench/refresh.mjs [seasons]
import { openRefreshProject } from './support/refresh-project.mjs';

const project = openRefreshProject({ seasons: process.argv[2] ?? '2023-2024' });
const { refresh, empty, hashTables } = project;

try {
  // The first run also makes the sample files, which is not what is to be measured.
  console.log('making the sample files …');
  refresh();
  await empty();
  const parallel = refresh();
  const parallelTables = await hashTables();
  const again = refresh();
  await empty();
  const sequential = refresh('--sequential');
  const sequentialTables = await hashTables();

  console.table(
    Object.fromEntries(
      parallel.results.map(({ task, duration_seconds }, index) => [
        task,
        {
          'parallel s': duration_seconds,
          'sequential s': sequential.results[index].duration_seconds,
          'again s': again.results[index].duration_seconds,
          rows: again.results[index].rows,
          'rows changed again': again.results[index].rows_changed,
        },
      ]),
    ),
  );
  console.table({
    parallel: { 'wall s': parallel.total_duration_seconds, status: parallel.status },
    sequential: { 'wall s': sequential.total_duration_seconds, status: sequential.status },
    'again, nothing new': { 'wall s': again.total_duration_seconds, status: again.status },
  });
  console.table(
    Object.fromEntries(
      Object.entries(parallelTables).map(([table, hash]) => [
        table,
        { parallel: hash, sequential: sequentialTables[table], same: hash === sequentialTables[table] },
      ]),
    ),
  );
} finally {
  project.close();
}
