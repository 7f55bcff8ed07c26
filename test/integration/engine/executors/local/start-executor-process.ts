import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type { RunId } from '../../../../../src/engine/model/ids.ts';
import { projectRoot } from '../../../../support/project-root.ts';
import { markName } from './leftover-processes.ts';

export type ExecutorProcess = {
  readonly pid: number;
  readonly run: RunId;
  /** The leader of the task at `index`. */
  leader(index: number): number;
  end(signal: NodeJS.Signals): Promise<void>;
};

/** Builds the program once; it has to lie below `node_modules`, where the packages are found. */
export async function buildExecutorProcess() {
  const outfile = join(projectRoot, `node_modules/.cache/executor-process-${process.pid}.mjs`);
  const entryPoints = [join(import.meta.dirname, 'executor-process.ts')];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
  const directories = mkdtempSync(join(tmpdir(), 'etl-tui-owners-'));
  return {
    /** Starts a process that runs `scripts`; everything that comes of it carries `mark`. */
    own: async (mark: string, graceMs: number, scripts: readonly string[]): Promise<ExecutorProcess> => {
      const run = `20260105_120000_${mark.slice(0, 8)}` as RunId;
      const child = spawn(process.execPath, [outfile, join(directories, mark), run, String(graceMs), ...scripts], {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: { ...process.env, [markName]: mark },
      });
      const gone = once(child, 'exit');
      const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), 'line'), gone])) as [unknown];
      if (typeof line !== 'string' || child.pid === undefined) throw new Error('the owner ended without a word');
      const leaders = JSON.parse(line) as readonly number[];
      return {
        pid: child.pid,
        run,
        leader: (index) => leaders[index] ?? 0,
        end: async (signal) => {
          child.kill(signal);
          await gone;
        },
      };
    },
    remove: () => {
      rmSync(outfile, { force: true });
      rmSync(directories, { recursive: true, force: true });
    },
  };
}
