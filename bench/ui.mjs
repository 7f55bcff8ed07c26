// What the screen costs: 1,000 tasks, 40 of them running, one of which prints without a pause, in a real terminal beside
// the same run without a screen; the first frame, the answer to a key, an idle screen, and a terminal that nobody reads.
// Needs a build with the names of functions, by which frames are found: node scripts/build.mjs --names
// Usage: node bench/ui.mjs [--seconds 60] [--minutes 0] [--loads]
// --minutes: so many more minutes of the first row, for memory; --loads: only the rows with a screen under load
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { buildScreen } from './support/build-screen.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    minutes: { type: 'string', default: '0' },
    loads: { type: 'boolean' },
  },
});
const seconds = Number(values.seconds);
const minutes = Number(values.minutes);
const directory = mkdtempSync(join(tmpdir(), 'etl-tui-bench-ui-'));
// A build during the measurement changes nothing.
cpSync('dist', join(directory, 'dist'), { recursive: true });
cpSync('package.json', join(directory, 'package.json'));
const program = join(directory, 'dist/cli/main.js');
const meterFile = join(directory, 'meter.json');
const noteFile = join(directory, 'printed');
const { openScreen, removeBuild } = await buildScreen();
const plain = { ...process.env, DATABASE_URL: undefined, LANG: 'C.UTF-8' };
const metered = {
  ...plain,
  NODE_OPTIONS: `--import=${pathToFileURL(resolve('bench/support/meter.mjs'))}`,
  ETL_TUI_METER: meterFile,
};

try {
  console.log(
    `${seconds} s a row; ${cpus().length} processors, load average ${loadavg().map((load) => load.toFixed(1))}`,
  );
  const rows = {};
  for (const [columns, height, rate, log] of [
    [200, 50, 20_000, 'of one task'],
    [200, 50, 20_000, 'of all tasks'],
    [120, 40, 20_000, 'of one task'],
    [200, 50, 100_000, 'of one task'],
    [200, 50, 100_000, 'of all tasks'],
  ]) {
    rows[`${columns}x${height}, ${rate / 1_000},000 lines/s, ${log}`] = await underLoad(columns, height, rate, log);
  }
  if (!values.loads) {
    for (const rate of [20_000, 100_000]) rows[`no screen, ${rate / 1_000},000 lines/s`] = await withoutScreen(rate);
    rows['200x50, run finished'] = await idle();
  }
  console.table(rows);
  if (!values.loads) console.table({ ...(await firstFrames()), ...(await unread()) });
  console.log(`load average ${loadavg().map((load) => load.toFixed(1))}`);
} finally {
  removeBuild();
  rmSync(directory, { recursive: true, force: true });
}

async function underLoad(columns, rows, rate, log) {
  const screen = open(columns, rows, writeMany(rate), metered);
  try {
    await screen.waitFor('40 running');
    screen.press('Home');
    await screen.waitFor('Log talk');
    if (log === 'of all tasks') {
      screen.press('*');
      await screen.waitFor('Log all tasks');
    }
    const keys = await keyTimes(screen);
    const row = { ...(await measure(screen.pid, screen)), 'key ms': keys };
    if (minutes > 0 && columns === 200 && rate === 20_000 && log === 'of one task') {
      await pause(minutes * 60_000);
      row[`RSS MB, ${minutes} min on`] = residentMb(screen.pid);
    }
    return row;
  } finally {
    await end(screen);
  }
}

async function withoutScreen(rate) {
  const child = spawn(process.execPath, [program, 'run', writeMany(rate), '--no-tui'], {
    cwd: directory,
    env: metered,
    stdio: 'ignore',
  });
  try {
    await until(() => printed() > 0);
    return await measure(child.pid);
  } finally {
    child.kill('SIGINT');
    await once(child, 'exit');
  }
}

/** The run is over, and the screen stands. Not metered: the meter takes more time than the program then. */
async function idle() {
  write('short.yaml', ['  one: { command: ["true"] }']);
  const screen = open(200, 50, 'short.yaml');
  try {
    await screen.waitFor('SUCCESS');
    // The machine is looked at no more, and what was loaded last has settled.
    await pause(2_000);
    const length = Math.min(20, seconds);
    const [cpu, sent] = [cpuSeconds(screen.pid), screen.sent.length];
    await pause(length * 1_000);
    return {
      'CPU %': round(((cpuSeconds(screen.pid) - cpu) / length) * 100),
      'frames/s': screen.sent.length > sent ? 'some' : 0,
      'RSS MB': residentMb(screen.pid),
      'key ms': await keyTimes(screen),
    };
  } finally {
    await end(screen);
  }
}

async function firstFrames() {
  write('wait.yaml', ['  one: { command: [sleep, "600"] }']);
  const times = [];
  for (let round = 0; round < 7; round += 1) {
    const begun = performance.now();
    const screen = open(120, 40, 'wait.yaml');
    await until(() => screen.sent.includes('\x1b[?2026l'), 1);
    times.push(performance.now() - begun);
    await end(screen);
  }
  return { 'command to first frame, ms': spread(times) };
}

/** While nobody reads the terminal, the time of a task is up. */
async function unread() {
  const timeoutMs = 6_000;
  const talk = `[node, ${JSON.stringify(resolve('bench/support/print-lines.mjs'))}, "20000"]`;
  write('unread.yaml', [
    `  talk: { command: ${talk} }`,
    `  late: { command: [sleep, "600"], timeout: ${timeoutMs}ms, retries: 0, kill_grace: 1s }`,
  ]);
  const times = [];
  for (let round = 0; round < 3; round += 1) {
    const screen = open(200, 50, 'unread.yaml');
    await screen.waitFor('2 running');
    await pause(timeoutMs / 2);
    screen.stall();
    await pause(5_000);
    screen.unstall();
    await screen.waitFor('timed out');
    const events = journal();
    const at = (type) => events.find((event) => event.type === type && event.task === 'late').at;
    times.push(at('task.finished') - at('task.started') - timeoutMs);
    await end(screen);
  }
  return { 'timeout to kill, terminal unread, ms': spread(times) };
}

/** What the program does for so long, once it has warmed up. */
async function measure(pid, screen) {
  await pause(Math.min(5_000, seconds * 500));
  process.kill(pid, 'SIGUSR2');
  const torn = screen?.tornScreens;
  const [cpu, lines, begun] = [cpuSeconds(pid), printed(), performance.now()];
  await pause(seconds * 1_000);
  const passed = (performance.now() - begun) / 1_000;
  const { frames, frameMs, lateMs } = JSON.parse(readFileSync(meterFile, 'utf8'));
  return {
    'CPU %': round(((cpuSeconds(pid) - cpu) / passed) * 100),
    'frames/s': round(frames / passed),
    'frame ms p50': round(frameMs[0]),
    'frame ms p99': round(frameMs[1]),
    'loop late ms p50': round(lateMs[0]),
    'loop late ms p99': round(lateMs[1]),
    'RSS MB': residentMb(pid),
    'lines/s': Math.round((printed() - lines) / passed),
    ...(screen === undefined ? {} : { torn: screen.tornScreens - torn }),
  };
}

/** From pressing `?` until the help is there, from `Esc` until it is gone. */
async function keyTimes(screen) {
  const times = [];
  const isOpen = () => /\bKeys\b/.test(screen.rows()[1]);
  for (let round = 0; round < 5; round += 1) {
    for (const [key, wanted] of [
      ['?', true],
      ['Esc', false],
    ]) {
      const begun = performance.now();
      screen.press(key);
      await until(() => isOpen() === wanted, 1);
      times.push(performance.now() - begun);
      await pause(300 + round * 13);
    }
  }
  return spread(times);
}

function open(columns, rows, file, env = plain) {
  rmSync(noteFile, { force: true });
  return openScreen(process.execPath, [program, 'run', file], {
    columns,
    rows,
    cwd: directory,
    env,
    // The screen has a frame around nearly everything; one that is half drawn has empty rows.
    isWhole: (shown) => shown.filter((row) => row === '').length < 3,
  });
}

async function end(screen) {
  screen.press('Ctrl+C', 'Ctrl+C');
  screen.kill('SIGINT');
  await until(() => screen.exitCode !== undefined);
  await screen.close();
}

/** 1,000 tasks: one prints, 39 sleep, half of the others wait for it and half for a slot. */
function writeMany(rate) {
  const talk = ['node', resolve('bench/support/print-lines.mjs'), String(rate), noteFile];
  const tasks = Array.from({ length: 999 }, (_, index) => {
    const waits = index >= 39 && index % 2 === 0 ? ', dependencies: [talk]' : '';
    return `  sleep_${String(index).padStart(3, '0')}: { command: [sleep, "3600"]${waits} }`;
  });
  write('many.yaml', [`  talk: { command: ${JSON.stringify(talk)} }`, ...tasks]);
  return 'many.yaml';
}

function write(file, tasks) {
  const head = ['version: 1', `name: ${file.replace('.yaml', '')}`, 'limits: { max_parallel: 40, cpu: 1, memory: 1 }'];
  writeFileSync(join(directory, file), `${[...head, 'tasks:', ...tasks].join('\n')}\n`);
}

function printed() {
  try {
    return Number(readFileSync(noteFile, 'utf8'));
  } catch {
    return 0;
  }
}

/** Of the latest run. */
function journal() {
  const runs = join(directory, 'logs/etl/runs');
  const path = join(runs, readdirSync(runs).sort().at(-1), 'journal.jsonl');
  return readFileSync(path, 'utf8').trimEnd().split('\n').map(JSON.parse);
}

function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  // In ticks, of which Linux has a hundred a second.
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function residentMb(pid) {
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1_024);
}

function spread(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return `${Math.round(sorted[sorted.length >> 1])} (${Math.round(sorted[0])}-${Math.round(sorted.at(-1))})`;
}

function round(value) {
  return value === undefined || value === null ? '' : Math.round(value * 100) / 100;
}

async function until(isSo, everyMs = 20) {
  const deadline = performance.now() + 60_000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${isSo}`);
    await pause(everyMs);
  }
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}
