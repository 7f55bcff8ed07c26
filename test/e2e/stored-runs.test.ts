import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { callInShell, createProject, type Project } from './command-line.ts';

const pipeline = `
version: 1
name: nfl
pipelines:
  load_parallel: { tasks: [games, odds] }
  mart_parallel: { dependencies: [games, odds], tasks: [mart] }
tasks:
  games: { command: "printf 'a\\\\033]0;title\\\\007b\\\\xff\\\\n'; echo '{\\"rows\\":1234}' >> $ETL_TASK_REPORT" }
  odds: { command: "echo no odds in attempt $ETL_ATTEMPT; exit 3", retries: 1, backoff: { initial: 10ms } }
  mart: { command: "true" }
  work:
    timeout: 2m
    # Busy until enough samples have seen it, however slow the machine is.
    command: until [[ $(grep -c '"work"' "logs/etl/runs/$ETL_RUN_ID/samples.jsonl" 2>/dev/null) -ge 3 ]]; do :; done
`;

/** Two attempts that talk, and each wait for a file before they go on; another task that never ends by itself. */
const talking = `
version: 1
name: talking
tasks:
  talk: { command: "echo begin $ETL_ATTEMPT; until [ -e go$ETL_ATTEMPT ]; do sleep 0.05; done; echo end $ETL_ATTEMPT; [ $ETL_ATTEMPT = 2 ]", retries: 1, backoff: { initial: 50ms } }
  wait: { command: "echo waiting; until [ -e go3 ]; do sleep 0.05; done" }
`;

/** Starts it, and lets it come so far that its tasks run. */
async function startTalking() {
  const { start, call, directory, remove } = createProject(talking);
  const run = start(['run']);
  const runsDirectory = join(directory, 'logs/etl/runs');
  const hasSpawned = () => {
    const [id] = existsSync(runsDirectory) ? readdirSync(runsDirectory) : [];
    const journal = id === undefined ? '' : join(runsDirectory, id, 'journal.jsonl');
    return existsSync(journal) && readFileSync(journal, 'utf8').split('task.spawned').length === 3;
  };
  await expect.poll(hasSpawned).toBe(true);
  return {
    run,
    start,
    call,
    directory,
    remove,
    go: (count: number) => writeFileSync(join(directory, `go${count}`), ''),
  };
}

test('a run that was killed names its pipeline in the call that finishes it, unless that is found without', async () => {
  const { start, call, directory, remove } = createProject('version: 1\ntasks: { other: { command: "true" } }\n');
  onTestFinished(remove);
  writeFileSync(join(directory, 'night run.yaml'), 'version: 1\nname: night\ntasks: { a: { command: "sleep 600" } }\n');
  const run = start(['run', 'night run.yaml', '--reporter', 'json', '--log-dir', 'kept logs']);
  await run.says('task.spawned');
  run.child.kill('SIGKILL');
  await run.ended;
  const [id] = readdirSync(join(directory, 'kept logs/runs'));
  const finishing = `etl-tui run 'night run.yaml' --resume ${id} --log-dir 'kept logs'`;
  const logs = ['--log-dir', 'kept logs'];
  expect(JSON.parse((await call(['history', '--json', ...logs])).out)).toMatchObject([{ resume: finishing }]);
  expect((await call(['history', ...logs])).out).toContain(`${finishing} resumes it`);
  expect((await call(['show', 'latest', ...logs])).out).toContain(`resume  ${finishing}`);
  expect((await call(['doctor', ...logs])).out).toContain(`${finishing.replace("'kept logs'", '')}`);
});

let project: Project;
let runs: string[];

beforeAll(async () => {
  project = createProject(pipeline);
  await project.call(['run', '--only', 'load_parallel,mart_parallel']);
  await project.call(['run', '--only', 'work']);
  // Both may have begun within one second, so that their names do not tell their order.
  const listed = JSON.parse((await project.call(['history', '--json'])).out) as readonly { run_id: string }[];
  runs = listed.map(({ run_id }) => run_id);
});
afterAll(() => project.remove());

describe('history', () => {
  test('lists runs, newest last', async () => {
    const { out, err, code } = await project.call(['history']);
    const [head, first, second, ...rest] = out.trimEnd().split('\n');
    expect(head).toMatch(/^run +started +status +duration +tasks +failed +speed-up$/);
    expect(first).toMatch(
      new RegExp(`^${runs[0]}  \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC  ✗ failed +[\\d.]+s +3 +1 +\\d\\.\\dx$`),
    );
    expect(second).toMatch(new RegExp(`^${runs[1]} .* ✓ success +[\\d.]+s +1 +0$`));
    expect({ rest, err, code }).toEqual({ rest: [], err: '', code: 0 });
    expect((await project.call(['history', '--last', '1'])).out).not.toContain(runs[0]);
  });

  test('prints JSON with --json', async () => {
    const listed = JSON.parse((await project.call(['history', '--json'])).out) as unknown;
    expect(listed).toMatchObject([
      { run_id: runs[0], status: 'failed', pipeline: 'nfl', tasks: 3, failed: 1 },
      { run_id: runs[1], status: 'success', tasks: 1 },
    ]);
  });

  test('reads --log-dir, and an empty directory is not an error', async () => {
    const { out, err, code } = await project.call(['history', '--log-dir', 'elsewhere']);
    expect({ out, err, code }).toEqual({ out: '', err: 'no runs in elsewhere\n', code: 0 });
  });
});

describe('show', () => {
  test('prints the result, and for a failed task the last lines and the path of the log', async () => {
    const { out, code } = await project.call(['show', runs[0]!]);
    expect(out).toMatch(/^✗ nfl failed in [\d.]+s\n {2}run /);
    expect(out).toMatch(/\n {2}1 succeeded, 1 failed, 1 not run, /);
    expect(out).toMatch(/\nLevels\n {2}load_parallel +1 succeeded, 1 failed +[\d.]+s\n/);
    expect(out).toMatch(/\n {2}✓ games +succeeded +[\d.]+s {2}1,234 rows\n/);
    expect(out).toMatch(/\n {2}⊘ mart +not run +"odds" failed\n/);
    const log = `logs/etl/runs/${runs[0]}/tasks/odds/2.log`;
    expect(out).toContain(`\nFailed\n  ✗ odds: exit code 3\n    │ no odds in attempt 2\n    log: ${log}\n`);
    expect(existsSync(join(project.directory, log))).toBe(true);
    expect(code).toBe(0);
  });

  test('prints JSON, including resource usage', async () => {
    const shown = JSON.parse((await project.call(['show', 'latest', '--json'])).out) as {
      readonly performance: {
        readonly peak_cpu: number;
        readonly peak_memory: number;
        readonly results: readonly { readonly peak_cpu_cores: number; readonly peak_memory_bytes: number }[];
      };
    };
    expect(shown).toMatchObject({ run_id: runs[1], status: 'success', result: { results: [{ task: 'work' }] } });
    const { peak_cpu, peak_memory, results } = shown.performance;
    for (const peak of [peak_cpu, peak_memory]) {
      expect(peak).toBeGreaterThan(0);
      expect(peak).toBeLessThanOrEqual(1);
    }
    const [work] = results;
    expect(work?.peak_cpu_cores).toBeGreaterThan(0);
    expect(work?.peak_memory_bytes).toBeGreaterThan(0x100000);
  });

  test('works when only the performance record of a run is left', async () => {
    const { directory, call, remove } = createProject(pipeline);
    await call(['run', '--only', 'odds']);
    const logs = join(directory, 'logs/etl');
    const [run = ''] = readdirSync(join(logs, 'runs'));
    for (const name of ['runs', `parallel_run_${run}.json`, `consistency_${run}.json`]) {
      rmSync(join(logs, name), { recursive: true });
    }
    const { out, code } = await call(['show', run.slice(0, 12)]);
    expect(out).toContain('✗ odds: exit code 3\n    │ no odds in attempt 2\n');
    expect(code).toBe(0);
    expect((await call(['logs', run, 'odds'])).code).toBe(2);
    remove();
  });

  test.each([
    [['show', 'nothing'], 'error[run/unknown-run]: there is no run "nothing"', 'etl-tui history lists the runs'],
    [['logs', 'latest', 'wrok'], 'error[plan/unknown-task]', 'did you mean "work"?'],
    [
      ['logs', 'latest', 'work', '--attempt', '2'],
      'task "work" had one attempt in run',
      'the latest attempt is printed',
    ],
  ])('and logs refuse with exit code 2 what does not exist: %j', async (args, message, hint) => {
    const { code, out, err } = await project.call(args);
    expect(err).toContain(message);
    expect(err).toContain(hint);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });
});

describe('logs', () => {
  test('prints the last attempt, or the one that is named', async () => {
    expect((await project.call(['logs', runs[0]!, 'odds'])).out).toBe('no odds in attempt 2\n');
    expect((await project.call(['logs', runs[0]!, 'odds', '--attempt', '1'])).out).toBe('no odds in attempt 1\n');
    const { out } = await project.call(['logs', runs[0]!, 'odds', '--json']);
    expect(out).toBe('{"attempt":2,"line":"no odds in attempt 2"}\n');
    expect((await project.call(['logs', runs[0]!, 'mart'])).err).toBe('mart did not run\n');
  });

  test('prints all tasks by time without a task, and with --timestamps when each line came', async () => {
    const { out } = await project.call(['logs', runs[0]!]);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.find((line) => line.startsWith('games '))).toContain('a\x1b]0;title');
    expect(lines.filter((line) => line.startsWith('odds')).map((line) => line.trim())).toEqual([
      'odds  | no odds in attempt 1',
      'odds#2 | no odds in attempt 2',
    ]);
    expect((await project.call(['logs', runs[0]!, '--all'])).out).toBe(out);
    const stamped = await project.call(['logs', runs[0]!, 'odds', '--timestamps']);
    expect(stamped.out).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z out no odds in attempt 2\n$/);
    const json = await project.call(['logs', runs[0]!, '--json', '--timestamps']);
    const parsed = json.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(parsed).toContainEqual({
      task: 'odds',
      attempt: 1,
      line: 'no odds in attempt 1',
      at: expect.stringMatching(/Z$/),
      stream: 'stdout',
    });
    for (const wrong of [
      ['odds', '--all'],
      ['--attempt', '1'],
    ]) {
      expect(await project.call(['logs', runs[0]!, ...wrong])).toMatchObject({ code: 2, out: '' });
    }
  });

  test('writes the exact bytes into a pipe', async () => {
    const { directory, call } = project;
    const kept = readFileSync(join(directory, `logs/etl/runs/${runs[0]}/tasks/games/1.log`));
    expect(kept.includes(0xff)).toBe(true);
    const { out } = await call(['logs', runs[0]!, 'games']);
    expect(out).toBe(kept.toString());
  });

  test('follows a run of another process through retries until it ends', async () => {
    const { run, start, call, go, remove } = await startTalking();
    const follower = start(['logs', 'latest', 'talk', '--follow']);
    const first = start(['logs', 'latest', 'talk', '-f', '--attempt', '1']);
    await Promise.all([follower.says('begin 1'), first.says('begin 1')]);
    go(1);
    await follower.says('begin 2');
    expect(await first.ended).toMatchObject({ code: 0, out: 'begin 1\nend 1\n' });
    expect((await call(['show', 'latest'])).out).toMatch(/^⠋ talking is running for .*\n.*\n {2}2 running\n/);
    expect((await call(['history'])).out).toContain('running');
    go(2);
    await follower.says('end 2');
    go(3);
    expect(await follower.ended).toMatchObject({ code: 0, out: 'begin 1\nend 1\nbegin 2\nend 2\n' });
    expect((await run.ended).code).toBe(0);
    remove();
  });

  test('follows all tasks of a run of another process until it ends', async () => {
    const { run, start, go, remove } = await startTalking();
    const follower = start(['logs', 'latest', '--follow']);
    await Promise.all([follower.says('begin 1'), follower.says('waiting')]);
    for (const count of [1, 2, 3]) go(count);
    const { code, out } = await follower.ended;
    expect(code).toBe(0);
    expect(
      out
        .split('\n')
        .filter((line) => line.startsWith('talk'))
        .map((line) => line.trim()),
    ).toEqual(['talk | begin 1', 'talk | end 1', 'talk#2 | begin 2', 'talk#2 | end 2']);
    expect((await run.ended).code).toBe(0);
    remove();
  });

  test('ends when the run that it follows is killed', async () => {
    const { run, start, call, directory, remove } = await startTalking();
    const follower = start(['logs', 'latest', 'wait', '--follow']);
    await follower.says('waiting');
    const lasting = async () => {
      const [listed] = JSON.parse((await call(['history', '--json'])).out) as { total_duration_seconds: number }[];
      return listed!.total_duration_seconds;
    };
    // It says once a second that it lives.
    const [id = ''] = readdirSync(join(directory, 'logs/etl/runs'));
    const saidAt = () => statSync(join(directory, 'logs/etl/runs', id, 'owner.json')).mtimeMs;
    const before = saidAt();
    await expect.poll(saidAt).toBeGreaterThan(before + 1_500);
    run.child.kill('SIGKILL');
    expect((await follower.ended).code).toBe(0);
    expect(await lasting()).toBeGreaterThan(0.5);
    expect((await call(['history'])).out).toContain('! interrupted');
    expect((await call(['show', 'latest'])).out).toMatch(/^! talking was interrupted after /);
    await expectCleanAftermath({ directory, ended: run.ended, exitCodes: [null] });
    remove();
  });
});

test('show, logs and history report a damaged journal and show what precedes the damage', async () => {
  const { call, directory, remove } = createProject(`
name: nfl
tasks:
  games: { command: "for i in {1..30}; do printf '%0100000d' 0; done" }
  mart: { command: "echo merged", dependencies: [games] }
`);
  onTestFinished(remove);
  await call(['run']);
  const logs = join(directory, 'logs/etl');
  const [run = ''] = readdirSync(join(logs, 'runs'));
  const journal = join(logs, 'runs', run, 'journal.jsonl');
  const lines = readFileSync(journal, 'utf8').split('\n');
  const at = lines.findIndex((line) => line.includes('"task.finished"')) + 1;
  writeFileSync(journal, [...lines.slice(0, at), 'garbage', ...lines.slice(at + 1)].join('\n'));
  for (const name of readdirSync(logs)) if (name !== 'runs') rmSync(join(logs, name), { recursive: true });
  const place = `warning[run/damaged-journal]: The journal of run ${run} is damaged from line ${at + 1} on`;
  const shown = await call(['show', 'latest']);
  expect(shown.err).toContain(place);
  expect(shown.out).toMatch(/^! nfl has a damaged journal/);
  expect(shown.out).toMatch(/✓ games +succeeded/);
  expect(shown.out).toMatch(/mart +unknown +the journal is damaged/);
  expect(shown.out).not.toContain('never started');
  const listed = await call(['history']);
  expect(listed.out).toContain('! damaged');
  expect(listed.err).toContain(place);
  const log = await call(['logs', 'latest', 'mart']);
  expect(log.err).toContain(place);
  expect(log.out).toBe('merged\n');
  // A large log into a slow reader once warned of listeners that add up.
  const large = callInShell(directory, 'logs latest games | (sleep 0.5; wc -c)');
  expect(large.stdout.trim()).toBe('3000000');
  expect(large.stderr).not.toContain('Warning');
});
