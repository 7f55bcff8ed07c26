// Runs the NFL refresh on sample data, and a small pipeline some times, really, each in a project of its own, and keeps what
// a screen shows of them. With the name of a recording, only that one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type EpochMs, type OpenRun, openRun, planPipeline, resolveParams } from '../../../src/engine/index.ts';
import { recordings } from './picture.ts';
import { recordingPath } from './pictures.ts';
import { type LogSnapshot, writeRecording } from './recording.ts';

const snapshotEveryMs = 200;
const sampleFiles = '.etl-tui/sample';

const [only] = process.argv.slice(2);
for (const [name, recording] of Object.entries(recordings)) {
  if (only !== undefined && only !== name) continue;
  const target = recordingPath(name as keyof typeof recordings);
  rmSync(target, { recursive: true, force: true });
  if ('runs' in recording) await recordShop(recording.runs, target);
  else await recordRefresh(recording.fault, target);
}

async function recordRefresh(fault: string | undefined, target: string): Promise<void> {
  const project = mkdtempSync(join(tmpdir(), 'etl-tui-recording-'));
  for (const part of ['dist', 'etl', 'package.json']) symlinkSync(resolve(part), join(project, part));
  // Making the sample files takes longer than loading them, and is done once.
  if (existsSync(sampleFiles)) cpSync(sampleFiles, join(project, sampleFiles), { recursive: true });
  const server = fault === undefined ? undefined : spawn(process.execPath, serverArguments(fault), { cwd: project });
  try {
    const sources = server === undefined ? {} : await addressesOf(server.stdout);
    await record(project, 'etl/config/pipeline_dag.yaml', sources, target, fault !== undefined);
  } finally {
    server?.kill();
    rmSync(project, { recursive: true, force: true });
  }
}

/** The last of the runs is kept, and of those before it what the history shows. */
async function recordShop(runs: readonly Readonly<Record<string, string>>[], target: string): Promise<void> {
  const project = mkdtempSync(join(tmpdir(), 'etl-tui-recording-'));
  cpSync('test/support/pictures/shop', project, { recursive: true });
  try {
    for (const env of runs) {
      rmSync(join(target, 'runs'), { recursive: true, force: true });
      await record(project, 'pipeline.yaml', env, target);
    }
    cpSync(join(project, 'logs/etl/performance'), join(target, 'performance'), { recursive: true });
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

async function record(
  project: string,
  file: string,
  env: Readonly<Record<string, string>>,
  target: string,
  isStoppedInLongWait = false,
): Promise<void> {
  const { DATABASE_URL: _, ...environment } = process.env;
  const pipelineText = readFileSync(join(project, file), 'utf8');
  const { plan, params } = planPipeline(pipelineText, file, {}, undefined, undefined, (spec) =>
    resolveParams(spec, new Map(), Date.now() as EpochMs),
  );
  if (plan === undefined || params === undefined) throw new Error('the pipeline or its parameters are wrong');
  const opened = await openRun({
    plan,
    pipelinePath: join(project, file),
    pipelineText,
    projectDir: project,
    logDir: join(project, 'logs/etl'),
    env: { ...environment, ...env },
    params,
    sequential: false,
    runChecks: true,
  });
  if (!opened.ok) throw new Error(opened.error.message);
  const run = opened.value;
  const looks: LogSnapshot[] = [];
  const timer = setInterval(() => looks.push({ at: run.now(), logs: logSizes(run.files.tasks) }), snapshotEveryMs);
  if (isStoppedInLongWait) stopInLongWait(run);
  run.start();
  await run.finished;
  clearInterval(timer);
  const samples = run.samples();
  await run.close();
  const kept = join(target, 'runs', run.run);
  for (const name of ['journal.jsonl', 'pipeline.yaml', 'tasks']) {
    cpSync(join(run.files.directory, name), join(kept, name), { recursive: true });
  }
  writeRecording(kept, { samples, looks });
  process.stdout.write(`${run.run}\n`);
}

/** Nobody needs to wait until the source is well again: what comes after that is not shown. */
function stopInLongWait(run: OpenRun): void {
  run.subscribe(({ type }) => {
    if (type === 'task.backing-off') setTimeout(() => run.intend({ type: 'cancel' }), 10_000);
  });
}

function logSizes(directory: string): Readonly<Record<string, number>> {
  const paths = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [relative(directory, path), statSync(path).size]));
}

function serverArguments(what: string): readonly string[] {
  return ['dist/etl/sample/serve.js', '--fault', what, '--latency', '20', '--cache', sampleFiles];
}

/** What the server prints first is what is to be exported. */
async function addressesOf(output: NodeJS.ReadableStream): Promise<Readonly<Record<string, string>>> {
  const addresses: Record<string, string> = {};
  const lines = createInterface({ input: output });
  lines.on('line', (line) => {
    const [name = '', ...value] = line.split('=');
    addresses[name] = value.join('=');
  });
  while (addresses['ODDS_API_KEY'] === undefined) await once(lines, 'line');
  return addresses;
}
