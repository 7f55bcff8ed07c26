import { createInterface } from 'node:readline';
import { openDatabase } from '../../../../src/engine/database/open-database.ts';

// A process that uses a project's database until its input says or is at its end: `hold-database <project directory>`.
const opened = await openDatabase({
  projectDir: process.argv[2] ?? '.',
  env: process.env,
  applicationName: 'etl-tui',
});
process.stdout.write(
  `${JSON.stringify(
    opened.ok
      ? {
          url: opened.value.environment['DATABASE_URL'],
          source: opened.value.source,
          description: opened.value.description,
        }
      : { error: opened.error },
  )}\n`,
);
if (opened.ok) {
  for await (const line of createInterface({ input: process.stdin })) if (line === 'close') break;
  await opened.value.close();
}
process.exit(0);
