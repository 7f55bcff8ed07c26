// Kills the NFL refresh with SIGKILL at random moments, resumes it with `run --resume`, and compares all tables and the file
// of features with those of an undisturbed run; columns that say when a row was loaded are left out, and the account of the
// calls to The Odds API, which has those that were under way twice. Each fourth time the
// slots and the guardian are killed with it, so that its tasks go on alone; each fifth time the resumed run is killed as well.
// Small sample data, without checks. Usage: node bench/kill-and-resume.mjs [kills] [seed] [minutes at most]
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { randomFrom } from './support/random.mjs';
import { openRefreshProject } from './support/refresh-project.mjs';

const kills = Number(process.argv[2] ?? 200);
const random = randomFrom(Number(process.argv[3] ?? 1));
const endsAt = performance.now() + Number(process.argv[4] ?? Number.POSITIVE_INFINITY) * 60_000;
const ACCOUNT = 'public.odds_calls';
const FEATURES = 'data/processed/features/asof_team_features.csv';
const PIPELINE = 'etl/config/pipeline_dag.yaml';

const project = openRefreshProject({ seasons: '2023', env: { ETL_SAMPLE_SCALE: 'small' } });
const runsDirectory = join(project.directory, 'logs/etl/runs');
const found = {
  kills: 0,
  'of them with slots and guardian': 0,
  'of them while resuming': 0,
  'too early, before the run began': 0,
  'too late, after its end': 0,
  'tasks reused': 0,
  'attempts interrupted': 0,
  'tasks run again after success': 0,
  'runs that did not end with 0': 0,
  'tables that differ': 0,
  'processes left': 0,
};

try {
  project.refresh('--no-checks');
  await project.empty();
  const { total_duration_seconds: runSeconds } = project.refresh('--no-checks');
  const runMs = runSeconds * 1000;
  const undisturbed = await everything();
  for (let attempt = 1; found.kills < kills && performance.now() < endsAt; attempt++) {
    await project.empty();
    rmSync(join(project.directory, FEATURES), { force: true });
    const before = new Set(readdirSync(runsDirectory));
    if (!(await isKilled(start('-p', 'seasons=2023', '--no-checks'), random() * runMs, attempt % 4 === 0))) continue;
    const run = readdirSync(runsDirectory).find((name) => !before.has(name));
    if (run === undefined || journalOf(run).length === 0) {
      found['too early, before the run began']++;
      continue;
    }
    found.kills++;
    if (attempt % 4 === 0) found['of them with slots and guardian']++;
    if (attempt % 5 === 0 && (await isKilled(start('--resume', run), random() * runMs, false))) {
      found.kills++;
      found['of them while resuming']++;
    }
    await finish(run, attempt, undisturbed);
    if (attempt % 10 === 0) console.log(`${found.kills} kills …`);
  }
  console.table(Object.fromEntries(Object.entries(found).map(([what, count]) => [what, { count }])));
  const isClean = [
    'tasks run again after success',
    'runs that did not end with 0',
    'tables that differ',
    'processes left',
  ];
  process.exitCode = isClean.every((what) => found[what] === 0) ? 0 : 1;
} finally {
  project.close();
}

/** Resumes the run until it has ended, and looks at what came of it. */
async function finish(run, attempt, undisturbed) {
  const isOver = journalOf(run).at(-1)?.type === 'run.finished';
  const { code, output } = isOver ? { code: 0 } : await start('--resume', run).ended;
  const events = journalOf(run);
  const again = runAgainAfterSuccess(events);
  const now = await everything();
  const differing = Object.keys(undisturbed).filter((name) => now[name] !== undisturbed[name]);
  const left = processesOf(run);
  const decisions = events.flatMap((event) => (event.type === 'run.continued' ? Object.values(event.decisions) : []));
  found['tasks reused'] += decisions.filter(({ kind }) => kind === 'reused').length;
  found['attempts interrupted'] += decisions.filter(({ kind }) => kind === 'interrupted').length;
  found['tasks run again after success'] += again.length;
  found['runs that did not end with 0'] += Number(code !== 0);
  found['tables that differ'] += differing.length;
  found['processes left'] += left.length;
  if (code !== 0) console.log(`after attempt ${attempt}: exit code ${code}\n${output}`);
  if (again.length > 0) console.log(`after attempt ${attempt}: run again after success: ${again.join(', ')}`);
  if (differing.length > 0) console.log(`after attempt ${attempt}: ${differing.join(', ')} differ`);
  if (left.length > 0) console.log(`after attempt ${attempt}: processes left: ${left.join(', ')}`);
}

/** Whether the program was killed before its end, so long after its run has begun. */
async function isKilled({ child, begun, ended }, afterMs, withShells) {
  await Promise.race([begun, ended]);
  const timer = setTimeout(() => {
    const shells = withShells ? childrenOf(child.pid) : [];
    // So that the guardian does not see us die before it dies itself.
    child.kill('SIGSTOP');
    for (const shell of shells) kill(shell);
    child.kill('SIGKILL');
  }, afterMs);
  const { signal } = await ended;
  clearTimeout(timer);
  if (signal !== 'SIGKILL') found['too late, after its end']++;
  return signal === 'SIGKILL';
}

function start(...args) {
  const program = join(project.directory, 'dist/cli/main.js');
  const child = spawn(process.execPath, [program, 'run', PIPELINE, '--ci', ...args], {
    cwd: project.directory,
    env: project.env,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  // Tasks that live on hold the pipes of nothing of ours, but `close` would wait for whoever does.
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal, output })));
  const begun = new Promise((resolve) => child.stdout.once('data', resolve));
  return { child, begun, ended };
}

/** Events of a journal, up to a line that is not whole. */
function journalOf(run) {
  const [, ...lines] = readFileSync(join(runsDirectory, run, 'journal.jsonl'), 'utf8')
    .split('\n')
    .slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

function runAgainAfterSuccess(events) {
  const succeeded = new Set();
  return events.flatMap(({ type, task, outcome }) => {
    if (type === 'task.finished' && outcome.kind === 'succeeded') succeeded.add(task);
    return type === 'task.started' && succeeded.has(task) ? [task] : [];
  });
}

function processesOf(run) {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && readOr(`/proc/${pid}/environ`).includes(`/${run}/`));
}

function childrenOf(pid) {
  return readOr(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function readOr(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

async function everything() {
  const features = createHash('sha256').update(readFileSync(join(project.directory, FEATURES)));
  const { [ACCOUNT]: _, ...tables } = await project.hashTables();
  return { ...tables, [FEATURES]: features.digest('hex') };
}
