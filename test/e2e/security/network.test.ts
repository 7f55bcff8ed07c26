import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createProject, program } from '../command-line.ts';

/** What the kernel lists of sockets; a line that ends with nothing but its head is none. */
const sockets = 'for kind in tcp tcp6 udp udp6; do tail -n +2 /proc/net/$kind; done';
const pipeline = `version: 1
name: shop
handoffs: { on_success: { to: Research, dataset: shop } }
tasks:
  look: { command: "cat /proc/net/dev | tail -n +3 > devices; (${sockets}) > sockets; sleep 0.6" }
  load: { command: "echo loaded", dependencies: [look] }
checks: [{ name: right, command: "true", after: [load] }]
`;

/** In a network of its own, in which nothing is up, not even loopback; undefined where this user may not make one. */
function callWithoutNetwork(directory: string, words: readonly string[]) {
  const argv = ['--map-root-user', '--net', '--', process.execPath, program, ...words];
  const ended = spawnSync('unshare', argv, { cwd: directory, encoding: 'utf8' });
  return ended.error !== undefined || /^unshare:/m.test(ended.stderr) ? undefined : ended;
}

test('a run without a database needs no network, sends nothing and listens nowhere', (context) => {
  const { directory, remove } = createProject(pipeline);
  onTestFinished(remove);
  const ended = callWithoutNetwork(directory, ['run', '--ci', '--junit', 'junit.xml']);
  if (ended === undefined) return context.skip('this machine does not allow a network namespace');
  expect([ended.status, ended.stderr]).toEqual([0, '']);
  // Only the loopback device, through which nothing has gone in either direction.
  const devices = readFileSync(join(directory, 'devices'), 'utf8').trim().split('\n');
  expect(
    devices.map((line) =>
      line
        .trim()
        .split(/[:\s]+/)
        .filter((word) => word !== '0'),
    ),
  ).toEqual([['lo']]);
  expect(readFileSync(join(directory, 'sockets'), 'utf8')).toBe('');
  for (const words of [
    ['history'],
    ['show', 'latest'],
    ['plan'],
    ['validate'],
    ['report', 'latest', '--html', 'x.html'],
  ]) {
    expect([words[0], callWithoutNetwork(directory, words)?.status]).toEqual([words[0], 0]);
  }
});

test.skipIf(!existsSync('/proc/net/tcp'))(
  'the database of a project listens on loopback only, and asks for a password',
  async () => {
    const { call, directory, remove } = createProject(pipeline);
    onTestFinished(remove);
    try {
      expect((await call(['db', 'start'])).code).toBe(0);
      const port = Number(readFileSync(join(directory, '.etl-tui/db/pg18.port'), 'utf8'));
      const address = port.toString(16).toUpperCase().padStart(4, '0');
      const listening = ['tcp', 'tcp6']
        .flatMap((kind) => readFileSync(`/proc/net/${kind}`, 'utf8').split('\n'))
        .map((line) => line.trim().split(/\s+/))
        .filter(([, local = '', , state]) => local.endsWith(`:${address}`) && state === '0A')
        .map(([, local]) => local);
      expect(listening).toEqual([`0100007F:${address}`]);
      const { out: url } = await call(['db', 'url']);
      const wrong = new URL(url.trim());
      for (const password of ['', 'wrong-password']) {
        wrong.password = password;
        const client = new pg.Client(wrong.href);
        await expect(client.connect()).rejects.toThrow(/password/);
      }
    } finally {
      await call(['db', 'stop']);
    }
  },
);
