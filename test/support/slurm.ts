import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../../src/engine/executors/process/find-program.ts';
import { sleep } from '../../src/engine/platform/sleep.ts';

const programs = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'scancel', 'sinfo'];
const path = `${process.env['PATH']}:/usr/sbin`;

/** Why no cluster can be started here; undefined when one can. Debian has it in the packages slurm-wlm and munge. */
export function whyNoSlurm(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root can start Slurm, on Linux';
  const missing = programs.filter((name) => findProgram(name, { PATH: path }) === undefined);
  return missing.length === 0 ? undefined : `not installed: ${missing.join(', ')}`;
}

/** A cluster of two nodes with 8 CPUs each, both on this machine: `n1` with the feature `r`, `n2` with `gpu` and `big`. */
export type TestCluster = {
  /** The environment with which Slurm's programs find it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What a program of Slurm prints. */
  run(program: string, ...args: readonly string[]): Promise<string>;
  /** The same as if the power of a node failed. */
  killNode(name: 'n1' | 'n2'): Promise<void>;
  /** Ends the controller, which forgets nothing, or starts it again. */
  stopController(): Promise<void>;
  startController(): Promise<void>;
  /** Ends all jobs, and then the cluster. */
  close(): Promise<void>;
};

export async function startSlurm(): Promise<TestCluster> {
  const directory = mkdtempSync(join(tmpdir(), 'slurm-'));
  chmodSync(directory, 0o755);
  for (const name of ['state', 'n1', 'n2']) mkdirSync(join(directory, name));
  const config = join(directory, 'slurm.conf');
  const key = join(directory, 'munge.key');
  writeFileSync(key, randomBytes(1024), { mode: 0o400 });
  writeFileSync(config, configuration(directory, await freePorts(3)));
  const env = { ...process.env, PATH: path, SLURM_CONF: config };
  const children = new Map<string, ChildProcess>();
  const start = (name: string, program: string, ...args: readonly string[]) => {
    children.set(name, spawn(program, args, { env, stdio: 'ignore', cwd: directory }));
  };
  const run = async (program: string, ...args: readonly string[]) =>
    (await promisify(execFile)(program, args, { env })).stdout;
  const stop = async (name: string, signal: NodeJS.Signals = 'SIGKILL') => {
    const child = children.get(name);
    children.delete(name);
    if (child === undefined || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  const startController = async () => {
    start('slurmctld', 'slurmctld', '-D', '-f', config);
    await until(() => run('sinfo').then(Boolean, () => false));
  };
  const files = Object.entries({ key: 'key', socket: 'sock', pid: 'pid', log: 'log', seed: 'seed' });
  const named = files.map(([of, end]) => `--${of === 'socket' ? of : `${of}-file`}=${directory}/munge.${end}`);
  start('munged', 'munged', '--foreground', '--force', ...named);
  for (const name of ['n1', 'n2']) start(name, 'slurmd', '-D', '-f', config, '-N', name);
  await startController();
  await until(async () => (await run('sinfo', '-h', '-o', '%T')).trim() === 'idle');

  return {
    env,
    run,
    killNode: async (name) => {
      await stop(name);
      for (const pid of pidsOf(config, name)) kill(pid);
      // The controller would find out in half a minute.
      await run('scontrol', 'update', `nodename=${name}`, 'state=down', 'reason=power');
    },
    stopController: () => stop('slurmctld', 'SIGTERM'),
    startController,
    close: async () => {
      if (!children.has('slurmctld')) await startController();
      await run('scancel', '--signal=KILL', '--user=0').catch(() => '');
      await until(async () => (await run('squeue', '-h', '-t', 'RUNNING,COMPLETING').catch(() => '')) === '', 20_000);
      for (const name of [...children.keys()]) await stop(name);
      for (const pid of pidsOf(config)) kill(pid);
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function configuration(directory: string, [controller, first, second]: readonly number[]): string {
  return `
ClusterName=test
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmctldPort=${controller}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=${directory}/munge.sock
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_min_interval=10000,sched_interval=1
StateSaveLocation=${directory}/state
SlurmdSpoolDir=${directory}/%n
SlurmctldPidFile=${directory}/slurmctld.pid
SlurmdPidFile=${directory}/slurmd.%n.pid
SlurmctldLogFile=${directory}/slurmctld.log
SlurmdLogFile=${directory}/slurmd.%n.log
SlurmdParameters=config_overrides
SlurmdTimeout=5
SlurmctldTimeout=5
KillWait=2
ReturnToService=2
NodeName=n1 NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=${first} CPUs=8 RealMemory=2000 Feature=r
NodeName=n2 NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=${second} CPUs=8 RealMemory=2000 Feature=gpu,big
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
`;
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** What runs on a node, or on all: its jobs, and the program of Slurm that watches over each. */
function pidsOf(config: string, node?: string): readonly number[] {
  const entries = [`SLURM_CONF=${config}`, ...(node === undefined ? [] : [`SLURMD_NODENAME=${node}`])];
  return readdirSync('/proc').flatMap((name) => {
    try {
      const environ = readFileSync(`/proc/${Number(name)}/environ`, 'utf8').split('\0');
      if (!entries.every((entry) => environ.includes(entry))) return [];
      const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]);
      const watches = readFileSync(`/proc/${parent}/comm`, 'utf8').startsWith('slurmstepd');
      return [...(watches ? [parent] : []), Number(name)];
    } catch {
      return [];
    }
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {}
}

async function until(holds: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
  for (const end = performance.now() + withinMs; !(await holds()); await sleep(50)) {
    if (performance.now() > end) throw new Error('Slurm did not get there in time');
  }
}
