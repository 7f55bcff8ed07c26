import { execFile } from 'node:child_process';
import { failed, ok, type Result } from '../../model/result.ts';
import { withDeadline } from '../../platform/with-deadline.ts';

/** A job as `squeue` shows it. */
export type QueuedJob = {
  readonly id: string;
  /** Such as `PENDING`, `RUNNING`, `NODE_FAIL`. */
  readonly state: string;
  /** Why it waits, or why it has failed; `None` when there is nothing to say. */
  readonly reason: string;
  /** Empty as long as it waits. */
  readonly node: string;
};

/** The cluster as a whole. */
export type ClusterSize = {
  /** Of the nodes that are up. */
  readonly cpus: number;
  /** All features that some node has. */
  readonly features: ReadonlySet<string>;
};

/** What is asked of Slurm, by its programs. Nothing rejects; an error is the last line of what a program said. */
export type SlurmCommands = {
  /** Returns the id of the job. @param args those of `sbatch`, without what it prints */
  submit(args: readonly string[], script: readonly string[]): Promise<Result<string, string>>;
  /** The jobs of this user by their name, those that ended a few minutes ago as well. A name may stand for several. */
  queue(): Promise<Result<ReadonlyMap<string, readonly QueuedJob[]>, string>>;
  cancel(ids: readonly string[], ...how: readonly string[]): Promise<void>;
  size(): Promise<Result<ClusterSize, string>>;
};

const answerWithinMs = 60_000;
const maxBuffer = 0x4000000;
/** Of so many jobs at once, since a command line has an end. */
const maxCancelled = 500;

/** What the programs are given of the environment: a job gets its variables in a file, and those of this process may be secret. */
const passedOn = /^(PATH|HOME|USER|LOGNAME|LD_LIBRARY_PATH|SLURM_CONF|SBATCH_(?!ARRAY_INX|CLUSTERS|WAIT).+)$/;

/** @param env where the programs are looked for; `SBATCH_PARTITION` and the like go to `sbatch` */
export function slurmCommands(env: Readonly<Record<string, string | undefined>>): SlurmCommands {
  const passed = Object.fromEntries(Object.entries(env).filter(([name]) => passedOn.test(name)));
  const user = String(process.getuid?.() ?? '');
  const run = (program: string, args: readonly string[]) => runProgram(program, args, { ...passed, LC_ALL: 'C' });
  return {
    submit: async (args, script) => {
      const said = await run('sbatch', ['--parsable', '--export=ALL', ...args, '--', ...script]);
      return said.ok ? ok(said.value.trim().split(';')[0]!) : said;
    },
    queue: async () => {
      const said = await run('squeue', ['--noheader', '--states=all', `--user=${user}`, '--format=%A|%T|%r|%N|%j']);
      return said.ok ? ok(parseQueue(said.value)) : said;
    },
    cancel: async (ids, ...how) => {
      for (let at = 0; at < ids.length; at += maxCancelled) {
        // Of one that has ended meanwhile it says so, which is no news.
        await run('scancel', ['--quiet', ...how, ...ids.slice(at, at + maxCancelled)]);
      }
    },
    size: async () => {
      const partition = env['SBATCH_PARTITION'];
      const of = partition === undefined ? [] : [`--partition=${partition}`];
      const said = await run('sinfo', ['--noheader', ...of, '--format=%C|%f']);
      return said.ok ? ok(parseSize(said.value)) : said;
    },
  };
}

/** The standard output; or why there is none. */
async function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Result<string, string>> {
  let kill: () => void = () => undefined;
  const work = new Promise<Result<string, string>>((resolve) => {
    const child = execFile(program, args, { env, maxBuffer, cwd: '/' }, (error, out, err) => {
      if (error === null) resolve(ok(out));
      else if (error.code === 'ENOENT') resolve(failed(`${program} was not found on the PATH`));
      else
        resolve(
          failed(
            err
              .trim()
              .split('\n')
              .at(-1)
              ?.replace(/^\w+: (error: )?/, '') || error.message,
          ),
        );
    });
    kill = () => void child.kill('SIGKILL');
  });
  return withDeadline(work, answerWithinMs, () => {
    kill();
    return failed(`${program} timed out after ${answerWithinMs / 1000}s`);
  });
}

export function parseQueue(text: string): ReadonlyMap<string, readonly QueuedJob[]> {
  const jobs = new Map<string, QueuedJob[]>();
  for (const line of text.split('\n')) {
    const [id, state, reason, node, ...rest] = line.split('|');
    if (id === undefined || state === undefined || reason === undefined || node === undefined) continue;
    const name = rest.join('|');
    const job = { id, state, reason, node };
    const same = jobs.get(name);
    if (same === undefined) jobs.set(name, [job]);
    else same.push(job);
  }
  return jobs;
}

/** Of each group of nodes: `allocated/idle/other/total|feature,feature`. */
export function parseSize(text: string): ClusterSize {
  const lines = text.split('\n').map((line) => line.split('|'));
  const cpus = lines.reduce((sum, [counts = '']) => {
    const [allocated = 0, idle = 0] = counts.split('/').map(Number);
    return sum + allocated + idle;
  }, 0);
  const features = lines.flatMap(([, names = '']) => names.split(','));
  return { cpus, features: new Set(features.filter((name) => name !== '' && name !== '(null)')) };
}

/** Whether the same is worth another try: the controller is away, or there are too many jobs at the moment. */
export function isTransient(message: string): boolean {
  if (/invalid/i.test(message)) return false;
  return /contact|connect|communicat|timed out|temporar|try again|unavailable|limit|not responding|zero bytes/i.test(
    message,
  );
}
