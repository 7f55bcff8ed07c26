import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { startSlurm, type TestCluster, whyNoSlurm } from '../support/slurm.ts';
import { standInEnvironment } from '../support/slurm-stand-in.ts';
import { createProject, type Ended, type Project } from './command-line.ts';

const why = whyNoSlurm();
const onCluster = why === undefined ? it : it.skip;
const noted = (then: string) => `"echo $ETL_TASK >>ran; ${then}"`;
const waits = 'until test -e go; do sleep 0.1; done';

const pipeline = `
version: 1
name: cluster
tasks:
  first: { command: ${noted('echo my $DB_PASSWORD')} }
  long: { command: ${noted(`echo begun; ${waits}; echo done`)}, dependencies: [first], timeout: 5m }
  last: { command: ${noted('true')}, dependencies: [long] }
`;

/** Where no cluster can be started, programs stand in for it. */
describe(`a run on Slurm${why === undefined ? '' : ` (some are skipped: ${why})`}`, () => {
  let cluster: TestCluster | undefined;
  let env: TestCluster['env'];
  let project: Project;
  beforeAll(async () => {
    if (why === undefined) cluster = await startSlurm();
    env = { ...(cluster?.env ?? standInEnvironment()), DB_PASSWORD: 'hunter2hunter2' };
  });
  afterAll(() => cluster?.close(), 60_000);
  afterEach(() => project.remove());

  const run = (...more: readonly string[]) => project.start(['run', '--ci', ...more], env);
  const ran = () => readFileSync(join(project.directory, 'ran'), 'utf8').split('\n').filter(Boolean);
  const letGo = () => writeFileSync(join(project.directory, 'go'), '');
  const hasBegun = (task: string) =>
    expect
      .poll(() => existsSync(join(project.directory, 'ran')) && ran().includes(task), { timeout: 60_000 })
      .toBe(true);
  const isClean = (ended: Ended) =>
    expectCleanAftermath({ directory: project.directory, ended, canaries: ['hunter2hunter2'] });
  const logOf = async (task: string) => (await project.call(['logs', 'latest', task], env)).out;

  it('ends as one on this machine does, and leaves no files of its jobs', async () => {
    project = createProject(pipeline);
    letGo();
    const ended = await run('--executor', 'slurm').ended;
    expect([ended.code, ended.err]).toEqual([0, '']);
    expect(ran()).toEqual(['first', 'long', 'last']);
    expect(await logOf('first')).toContain('my ***');
    const [directory] = readdirSync(join(project.directory, 'logs/etl/runs'));
    expect(readdirSync(join(project.directory, 'logs/etl/runs', directory!))).not.toContain('slurm');
    await isClean(ended);
  });

  it('goes on without its orchestrator, and is carried on with when that is resumed', async () => {
    project = createProject(pipeline);
    const first = run('--executor', 'slurm');
    await hasBegun('long');
    first.child.kill('SIGKILL');
    await first.ended;
    const here = await run('--resume', '--executor', 'local').ended;
    expect([here.code, here.err]).toEqual([2, expect.stringContaining('was started with --executor slurm')]);
    letGo();
    const resumed = await run('--resume').ended;
    expect([resumed.code, resumed.err]).toEqual([0, '']);
    expect(ran()).toEqual(['first', 'long', 'last']);
    expect(await logOf('long')).toMatch(/begun\n.*done/);
    await isClean(resumed);
  });

  it('takes its jobs out of Slurm when it is cancelled', async () => {
    project = createProject(pipeline);
    const running = run('--executor', 'slurm');
    await hasBegun('long');
    running.child.kill('SIGTERM');
    const ended = await running.ended;
    expect(ended.code).toBe(143);
    if (cluster !== undefined) expect(await cluster.run('squeue', '-h')).toBe('');
    await isClean(ended);
  });

  onCluster('does not count the time that a job waits in the queue against the limit of its task', async () => {
    project = createProject(
      'version: 1\nname: waits\ntasks: { task: { command: "echo $ETL_TASK >>ran", timeout: 1s } }\n',
    );
    const blocks = ['--parsable', '--nodes=2', '--exclusive', '--output=/dev/null', '--wrap=exec sleep 600'];
    const blocker = (await cluster!.run('sbatch', ...blocks)).trim();
    await expect.poll(() => cluster!.run('squeue', '-h', '-t', 'RUNNING'), { timeout: 60_000 }).not.toBe('');
    const running = run('--executor', 'slurm');
    // It is told after five seconds.
    const runs = join(project.directory, 'logs/etl/runs');
    const told = () =>
      readdirSync(runs)
        .map((one) => readFileSync(join(runs, one, 'journal.jsonl'), 'utf8'))
        .join();
    await expect.poll(told, { timeout: 60_000 }).toContain('waits in the queue of Slurm (Resources)');
    await cluster!.run('scancel', blocker);
    const ended = await running.ended;
    expect(ended.code).toBe(0);
    await isClean(ended);
  });
});
