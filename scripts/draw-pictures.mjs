// Draws the pictures of the README from recorded runs, on the screen as it is now: docs/pictures/*.svg.
// With --record the runs are made anew first, really, which takes a minute: the refresh of the NFL data, and one during
// which the source of odds has had too many requests.
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
    entryPoints: ['draw-all', 'record-refresh'].map((name) => join(sources, `${name}.ts`)),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
    external: ['pg-native', 'react-devtools-core'],
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  if (process.argv.includes('--record')) run('record-refresh');
  run('draw-all', 'docs/pictures');
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
