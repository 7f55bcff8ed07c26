import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from '../../../support/project-root.ts';

/** Bundles a program of this folder the way the project is bundled; its path, and how to remove it. */
export async function buildFixture(name: string): Promise<{ readonly program: string; remove(): void }> {
  const outdir = join(projectRoot, `node_modules/.cache/${name}-${process.pid}`);
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.tsx`)],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    external: ['react-devtools-core'],
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  return { program: join(outdir, `${name}.mjs`), remove: () => rmSync(outdir, { recursive: true, force: true }) };
}
