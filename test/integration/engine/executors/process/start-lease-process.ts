import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type { RunId } from '../../../../../src/engine/model/ids.ts';
import type { Exit } from '../../../../../src/engine/model/run/task-state.ts';
import { projectRoot } from '../../../../support/project-root.ts';
import { guardiansOf, until } from '../local/leftover-processes.ts';

export type LeaseOrder = {
  readonly directory: string;
  readonly cwd: string;
  readonly run: RunId;
  readonly scripts: readonly string[];
  /** The grace that every attempt asks for. */
  readonly graceMs: number;
  readonly leaseGraceMs: number;
  /** How long each renewal holds once it is told to shorten them. */
  readonly holdsMs: number;
};

export type LeaseReport =
  | { readonly kind: 'running' }
  | { readonly kind: 'shortened' }
  | { readonly kind: 'exited'; readonly task: string; readonly exit: Exit };

export type LeaseProcess = {
  readonly pid: number;
  readonly run: RunId;
  /** Where its tasks work. */
  readonly cwd: string;
  /** Below it slots and guardian work. */
  readonly directory: string;
  guardian(): number;
  /** From now on its lease is as short as its order says; before, it is long enough for any start. */
  shorten(): Promise<void>;
  /** A line to its standard input: `stop` ends the renewals, `renew` renews once, any other is a script to be run. */
  tell(line: string): void;
  /** The exits so far, by task. */
  readonly exits: ReadonlyMap<string, Exit>;
  remove(): void;
};

/** Builds the program once; it has to lie below `node_modules`, where the packages are found. */
export async function buildLeaseProcess() {
  const outfile = join(projectRoot, `node_modules/.cache/lease-process-${process.pid}.mjs`);
  const entryPoints = [join(import.meta.dirname, 'lease-process.ts')];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
  return {
    start: async (
      scripts: readonly string[],
      lease: Pick<LeaseOrder, 'graceMs' | 'leaseGraceMs' | 'holdsMs'>,
    ): Promise<LeaseProcess> => {
      const directory = mkdtempSync(join(tmpdir(), 'etl-tui-lease-'));
      const cwd = mkdtempSync(join(tmpdir(), 'etl-tui-lease-tasks-'));
      const run = `20260105_120000_${randomUUID().slice(0, 8)}` as RunId;
      const order: LeaseOrder = { directory, cwd, run, scripts, ...lease };
      const child = spawn(process.execPath, [outfile, JSON.stringify(order)], { stdio: ['pipe', 'pipe', 'inherit'] });
      const exits = new Map<string, Exit>();
      let isRunning = false;
      let isShort = false;
      createInterface({ input: child.stdout }).on('line', (text) => {
        const report = JSON.parse(text) as LeaseReport;
        if (report.kind === 'running') isRunning = true;
        else if (report.kind === 'shortened') isShort = true;
        else exits.set(report.task, report.exit);
      });
      await until(() => isRunning, 'the tasks');
      const pid = child.pid ?? 0;
      await until(() => guardiansOf(pid).length === 1, 'the guardian');
      return {
        pid,
        run,
        cwd,
        directory,
        guardian: () => guardiansOf(pid)[0] ?? 0,
        shorten: async () => {
          child.stdin.write('shorten\n');
          await until(() => isShort, 'the shorter lease');
        },
        tell: (line) => void child.stdin.write(`${line}\n`),
        exits,
        remove: () => {
          child.stdin.destroy();
          child.kill('SIGKILL');
          for (const path of [directory, cwd]) rmSync(path, { recursive: true, force: true });
        },
      };
    },
    remove: () => rmSync(outfile, { force: true }),
  };
}
