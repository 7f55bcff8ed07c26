import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createProject, type Project } from '../command-line.ts';

const pipeline = `version: 1
name: shop
handoffs: { on_failure: { to: On-call } }
checks: [{ name: right, command: "true" }]
tasks: { load: { command: "echo loaded; exit 3" } }
`;

/** A project beside a file and a directory that belong to somebody else, in whose place links are planted. */
function project(): Project & {
  readonly plant: (path: string, what: 'file' | 'directory') => void;
  readonly isUntouched: () => void;
} {
  const created = createProject(pipeline);
  onTestFinished(created.remove);
  const victim = join(created.directory, 'victim');
  mkdirSync(join(victim, 'directory'), { recursive: true, mode: 0o755 });
  writeFileSync(join(victim, 'file'), 'mine', { mode: 0o644 });
  const modes = () => ['', 'file', 'directory'].map((name) => lstatSync(join(victim, name)).mode & 0o777);
  const before = modes();
  return {
    ...created,
    plant: (path, what) => {
      const at = join(created.directory, path);
      mkdirSync(dirname(at), { recursive: true, mode: 0o700 });
      symlinkSync(join(victim, what), at);
    },
    isUntouched: () => {
      expect(readFileSync(join(victim, 'file'), 'utf8')).toBe('mine');
      expect(readdirSync(join(victim, 'directory'))).toEqual([]);
      expect(readdirSync(victim).sort()).toEqual(['directory', 'file']);
      expect(modes()).toEqual(before);
    },
  };
}

describe('a symbolic link in the place of what is written is not followed', () => {
  test.each([
    ['the directory of all runs', 'logs/etl/runs', 'directory'],
    ['the directory of performance records', 'logs/etl/performance', 'directory'],
    ['the lock of the pipeline', '.etl-tui/run-shop.lock', 'file'],
  ] as const)('%s: the run is refused with the path', async (_, path, what) => {
    const { call, plant, isUntouched } = project();
    plant(path, what);
    const { code, err } = await call(['run', '--ci']);
    expect([code, err]).toEqual([3, expect.stringMatching(/run\/cannot-write.*symbolic link/)]);
    expect(err).toContain(path);
    isUntouched();
  });

  test('reports that the user names: they take the place of the link', async () => {
    const { call, directory, plant, isUntouched } = project();
    const names = ['junit.xml', 'page.html', 'checks.json'];
    for (const name of names) plant(name, 'file');
    expect((await call(['run', '--ci', '--junit', 'junit.xml'])).code).toBe(1);
    expect((await call(['report', 'latest', '--html', 'page.html'])).code).toBe(0);
    expect((await call(['check', '--output', 'checks.json'])).code).toBe(0);
    for (const name of names) expect([name, lstatSync(join(directory, name)).isFile()]).toEqual([name, true]);
    isUntouched();
  });

  test('files of a run that is there already', async () => {
    const { call, directory, isUntouched } = project();
    // As a task can: it runs as the same user, and may do so on behalf of data from elsewhere.
    const planting = `cd "$RUNS"/*; for name in samples.jsonl owner.json journal.jsonl.corrupt; do rm -f $name; ln -s "$VICTIM/file" $name; done; ln -s "$VICTIM/directory" tasks/later`;
    writeFileSync(
      join(directory, 'pipeline.yaml'),
      `version: 1\nname: shop\ntasks:\n  first: { command: ${JSON.stringify(planting)} }\n  later: { command: "echo later; sleep 1.5", dependencies: [first] }\n`,
    );
    const env = { RUNS: join(directory, 'logs/etl/runs'), VICTIM: join(directory, 'victim') };
    const { code, err } = await call(['run', '--ci'], env);
    expect(code).toBe(0);
    expect(err).toContain('symbolic link');
    isUntouched();
  });

  test('hand-offs and incoming requests', async () => {
    const { call, directory, plant, isUntouched } = project();
    plant('handoffs/incoming/r.yaml', 'file');
    expect((await call(['request', 'handoffs/incoming/r.yaml'])).err).toContain('it is a symbolic link');
    expect(existsSync(join(directory, 'handoffs/done'))).toBe(false);
    isUntouched();
  });

  test('the files of the database of the project', async () => {
    const { call, plant, isUntouched } = project();
    for (const name of ['keep', 'pg18.port', 'pg18.log']) plant(`.etl-tui/db/${name}`, 'file');
    const started = await call(['db', 'start']);
    expect([started.code, started.err]).toEqual([3, expect.stringMatching(/symbolic link|ELOOP/)]);
    isUntouched();
  });
});
