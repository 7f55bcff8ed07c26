import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createProject, program } from '../command-line.ts';

const pipeline = `version: 1
name: shop
handoffs: { on_failure: { to: On-call } }
tasks:
  # Goes on until the machine has been looked at, however slow it is.
  load: { command: "echo loaded; until test -s logs/etl/runs/$ETL_RUN_ID/samples.jsonl; do sleep 0.05; done; exit 3", timeout: 2m }
  other: { command: "echo '{\\"rows\\":1}' >> $ETL_TASK_REPORT; echo other" }
`;
const isRoot = process.getuid?.() === 0;
/** Whoever that is: a user who is not root, and not the one who wrote the program. */
const stranger = 65_534;

/** Below a directory, each path with its kind and its mode, as `d700` and `-600`. */
function modesBelow(directory: string): readonly string[] {
  return (readdirSync(directory, { recursive: true }) as string[])
    .map((name) => ({ name, stats: lstatSync(join(directory, name)) }))
    .filter(({ stats }) => !stats.isSymbolicLink())
    .map(({ name, stats }) => `${stats.isDirectory() ? 'd' : '-'}${(stats.mode & 0o7777).toString(8)} ${name}`);
}

function callUnder(umask: string, directory: string, words: string, uid?: number) {
  const script = `umask ${umask}; exec "$0" "${program}" ${words}`;
  const env = { PATH: process.env['PATH'], HOME: directory, TMPDIR: directory, LANG: 'C.UTF-8' };
  return spawnSync('sh', ['-c', script, process.execPath], {
    cwd: directory,
    env,
    encoding: 'utf8',
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
}

const private_ = /^(?:d700|-600) /;

test.each(['000', '022', '077', '777'])(
  'what a run writes is open to its user only, whatever the umask says: %s',
  (umask) => {
    // A shell under the strictest umask could not read a here-document as anybody but root.
    const { directory, remove } = createProject(pipeline);
    onTestFinished(remove);
    if (isRoot) chownSync(directory, stranger, stranger);
    chmodSync(directory, 0o755);
    const uid = isRoot ? stranger : undefined;
    const { status, stderr } = callUnder(umask, directory, 'run --ci --junit junit.xml', uid);
    expect([status, stderr]).toEqual([1, '']);
    const written = modesBelow(directory).filter((entry) => !/ (?:pipeline\.yaml|junit\.xml)$/.test(entry));
    expect(written.filter((entry) => !private_.test(entry))).toEqual([]);
    for (const name of ['journal.jsonl', 'samples.jsonl', '/1.log', 'performance/', 'handoffs/active/', '.etl-tui']) {
      expect([name, written.some((entry) => entry.includes(name))]).toEqual([name, true]);
    }
    // What its user names is for whom he wants, as the umask says; nobody else may write there.
    const report = { '000': '-644', '022': '-644', '077': '-600', '777': '-600' }[umask];
    expect(modesBelow(directory)).toContain(`${report} junit.xml`);
  },
);

test.each(['000', '777'])(
  'the database of a project is open to its user only, whatever the umask says: %s',
  (umask) => {
    const { directory, remove } = createProject(pipeline);
    onTestFinished(remove);
    try {
      const { status, stderr } = callUnder(umask, directory, 'db start');
      expect([status, stderr]).toEqual([0, expect.anything()]);
      const written = modesBelow(join(directory, '.etl-tui'));
      expect(written.filter((entry) => !private_.test(entry))).toEqual([]);
      for (const name of ['.port', '.log', 'keep', 'etl-tui-passwords.json']) {
        expect([name, written.some((entry) => entry.endsWith(name))]).toEqual([name, true]);
      }
    } finally {
      callUnder('022', directory, 'db stop');
    }
  },
);

test('a log directory that others may write, of another user, is refused; and one of ours is closed to them', (context) => {
  if (!isRoot) return context.skip('needs root, to make a directory of another user');
  const { directory, remove } = createProject(pipeline);
  onTestFinished(remove);
  const lent = mkdtempSync(join(tmpdir(), 'etl-tui-lent-'));
  chownSync(lent, stranger, stranger);
  chmodSync(lent, 0o777);
  writeFileSync(join(lent, 'mine'), '');
  const { status, stderr } = callUnder('022', directory, `run --ci --log-dir ${lent}`);
  expect([status, stderr]).toEqual([3, expect.stringContaining('it belongs to another user')]);
  expect(readdirSync(lent)).toEqual(['mine']);
});
