// Plays runs in a simulated world, with the real scheduler and the real runtime: crashes, lost and torn journals, late and
// repeated exits, stops, operators. One seed is one trial; CONTRIBUTING.md says how a seed that fails becomes a test.
//   npm run simulate -- [--seeds 20000] [--from 1]   plays the seeds, and says what happened how often
//   npm run simulate -- --shrink SEED                the smallest trial that fails as the seed does: its journal, then itself as JSON
//   npm run simulate -- --trial FILE                 plays a trial that was kept as JSON
//   npm run simulate -- --planted [--seeds 2000] [--stop-after 10]
//                                                    plants known bugs, one at a time: each must be found; goes on to the
//                                                    next one when so many seeds have failed
//   npm run simulate -- --planted --named TEXT       only those with this in their names
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { plantedBugs } from './planted/planted-bugs.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const outdir = join(root, 'node_modules/.cache', `simulation-${process.pid}`);
const args = process.argv.slice(2);
/** At once, on two cores. */
const workers = 2;

try {
  if (args.includes('--planted')) process.exitCode = await plantAll(args.filter((arg) => arg !== '--planted'));
  else {
    const program = await bundle('simulate', []);
    process.exitCode = spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: 'inherit' }).status ?? 1;
  }
} finally {
  rmSync(outdir, { recursive: true, force: true });
}

/** Returns the path of the program; `bugs` are planted in it. */
async function bundle(name, bugs) {
  const outfile = join(outdir, `${name}.mjs`);
  await build({
    entryPoints: [join(root, 'test/support/simulation/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
    plugins: bugs.map(plant),
  });
  return outfile;
}

function plant({ name, file, from, to }) {
  const path = join(root, file);
  const source = readFileSync(path, 'utf8');
  const parts = source.split(from);
  if (parts.length !== 2) throw new Error(`${name}: ${file} has ${parts.length - 1} times what is to be replaced`);
  return {
    name: 'plant',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, ({ path: loaded }) =>
        loaded === path ? { contents: parts.join(to), loader: 'ts' } : undefined,
      );
    },
  };
}

async function plantAll(options) {
  const at = options.indexOf('--named');
  const named = at < 0 ? '' : options.splice(at, 2)[1];
  const limits = ['--seeds', '2000', '--stop-after', '10', ...options, '--json'];
  const rows = [];
  const queue = [...plantedBugs.entries()].filter(([, { name }]) => name.includes(named));
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, bug] = next;
      const program = await bundle(`planted-${index}`, [bug]);
      const { failing, seeds, rules } = await play(program, limits);
      rows.push({ bug: bug.name, failing, seeds, rules: rules.map((rule) => rule.split(' ')[0]).join(' ') });
      console.log(`${failing === 0 ? 'NOT FOUND' : `${failing} of ${seeds} seeds`}: ${bug.name}`);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  console.table(rows.toSorted((one, other) => other.failing / other.seeds - one.failing / one.seeds));
  const found = rows.filter(({ failing }) => failing > 0).length;
  console.log(`${found} of ${rows.length} planted bugs found`);
  return found === rows.length ? 0 : 1;
}

function play(program, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...options], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.on('close', () => {
      try {
        resolve(JSON.parse(text));
      } catch {
        reject(new Error(`${program} said ${text}`));
      }
    });
  });
}
