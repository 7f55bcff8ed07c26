import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** The terminal that the tests use, for programs without TypeScript. */
export async function buildScreen() {
  const outdir = resolve('node_modules/.cache', `bench-screen-${process.pid}`);
  await build({
    entryPoints: ['test/support/screen.ts'],
    outfile: `${outdir}/screen.mjs`,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  const { openScreen } = await import(pathToFileURL(`${outdir}/screen.mjs`).href);
  return { openScreen, removeBuild: () => rmSync(outdir, { recursive: true, force: true }) };
}
