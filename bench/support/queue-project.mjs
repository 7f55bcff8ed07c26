import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * A project whose runs use the queue at `url`, with the program copied, so that a build meanwhile does no harm. `files`: name
 * → text. Workers and orchestrators are started as users start them.
 */
export async function openQueueProject(url, files) {
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-queue-'));
  cpSync(resolve('dist'), join(directory, 'program/dist'), { recursive: true });
  cpSync(resolve('package.json'), join(directory, 'program/package.json'));
  symlinkSync(resolve('node_modules'), join(directory, 'program/node_modules'));
  const program = join(directory, 'program/dist/cli/main.js');
  const root = join(directory, 'project');
  // As on another host, on which only orchestrators are.
  const other = join(directory, 'other');
  for (const place of [root, other]) {
    mkdirSync(place);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
  }
  const env = { ...process.env, ETL_TUI_QUEUE: url };
  delete env.DATABASE_URL;
  const children = new Set();

  const start = (args, { before = [], cwd = root } = {}) => {
    const [command, ...rest] = [...before, process.execPath, program, ...args];
    const child = spawn(command, rest, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    children.add(child);
    let output = '';
    const seen = new Set();
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        for (const look of seen) look();
      });
    }
    const ended = new Promise((done) =>
      child.once('exit', (code, signal) => {
        children.delete(child);
        done({ code, signal, output });
        for (const look of seen) look();
      }),
    );
    return {
      child,
      ended,
      output: () => output,
      /** Resolves when it has printed what matches; rejects when it ends without. */
      said: (pattern) =>
        new Promise((done, fail) => {
          const look = () => {
            if (pattern.test(output)) done();
            else if (!children.has(child)) fail(new Error(`it ended without a word of ${pattern}: ${output}`));
            else return;
            seen.delete(look);
          };
          seen.add(look);
          look();
        }),
    };
  };

  const run = ['run', '--ci', '--executor', 'queue', '--no-preflight'];
  const migrated = await start(['db', 'migrate']).ended;
  if (migrated.code !== 0) throw new Error(`db migrate: ${migrated.output}`);
  return {
    directory: root,
    /** Resolves when it takes tasks. */
    worker: async (name, { slots, lease, before, more = [] }) => {
      const args = ['worker', '--name', name, '--slots', String(slots), '--lease', lease, '--root', root, ...more];
      const worker = start(args, { before });
      await worker.said(/takes tasks/);
      // Unless the bench has ended it.
      void worker.ended.then(({ code, output }) => {
        if (code !== null && code !== 0) console.log(`worker ${name} ended with ${code}:`, output.slice(-1_500));
      });
      return worker;
    },
    run: (...args) => start([...run, ...args]),
    /** From another copy of the project, which has none of its files. */
    runElsewhere: (...args) => start([...run, ...args], { cwd: other }),
    runs: () => readdirOr(join(root, 'logs/etl/runs')),
    /** The events of a run, as its local journal has them, up to a line that is not whole. */
    journal: (run) => {
      const [, ...lines] = readFileSync(join(root, 'logs/etl/runs', run, 'journal.jsonl'), 'utf8')
        .split('\n')
        .slice(0, -1);
      return lines.map((line) => JSON.parse(line));
    },
    /** Living processes of attempts of the run. */
    processes: (run) => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && environ(pid).includes(`/${run}/`)),
    close: async () => {
      for (const child of [...children]) {
        child.kill('SIGCONT');
        child.kill('SIGKILL');
      }
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function readdirOr(path) {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}

function environ(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}
