// Draws the pictures of README.md and docs/screen.md from recorded runs, on the screen as it is now: docs/pictures/*.svg.
// With --record the runs are made anew first, really, which takes some minutes: the refresh of the NFL data, one during which
// the source of odds has had too many requests, and a small pipeline. `--record=shop` makes only that one anew.
// With --large=DIR a run of 300 tasks is drawn instead, on screens of three sizes, dark and light, into DIR.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const sources = join(root, 'test/support/pictures');
const outdir = join(root, 'node_modules/.cache', `pictures-${process.pid}`);

try {
  await build({
    entryPoints: ['draw-all', 'draw-large', 'record-runs'].map((name) => join(sources, `${name}.ts`)),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
    external: ['pg-native', 'react-devtools-core', '@dbos-inc/dbos-sdk'],
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  const [record] = process.argv.flatMap((word) => /^--record(?:=(\w+))?$/.exec(word) ?? []).slice(0, 1);
  if (record !== undefined) run('record-runs', ...record.split('=').slice(1));
  const large = process.argv.find((one) => one.startsWith('--large='));
  if (large === undefined) run('draw-all', 'docs/pictures');
  else run('draw-large', large.slice('--large='.length));
} finally {
  rmSync(outdir, { recursive: true, force: true });
}

function run(name, ...args) {
  const { status } = spawnSync(process.execPath, [join(outdir, `${name}.mjs`), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`${name}: exit code ${status}`);
}
