import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../../../../src/engine/notify/run-command.ts';
import { sendWebhook } from '../../../../src/engine/notify/send-webhook.ts';

const message = { body: '{"a":1}', env: {} };

it('a webhook that does not answer is given up after its time', async () => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const context = { cwd: '/', env: { HOOK: `http://127.0.0.1:${port}/x` } };
  expect(await sendWebhook('HOOK', message, context, 200)).toEqual({ why: 'no answer within 0.2s', mayRetry: true });
});

it('a webhook that cannot be reached may be tried again, and is not named', async () => {
  const refusal = await sendWebhook('HOOK', message, { cwd: '/', env: { HOOK: 'http://127.0.0.1:9/secret' } }, 2_000);
  expect(refusal?.mayRetry).toBe(true);
  expect(refusal?.why).not.toMatch(/127|secret/);
});

it.each([
  ['is not set', undefined, 'the environment variable HOOK is not set'],
  ['is empty', '', 'the environment variable HOOK is not set'],
  ['holds no address', 'secret', 'HOOK is not an address that begins with https:// or http://'],
  ['holds another kind of address', 'file:///secret', 'HOOK is not an address that begins with https:// or http://'],
])('a variable that %s is told without its value', async (_, value, why) => {
  expect(await sendWebhook('HOOK', message, { cwd: '/', env: { HOOK: value } }, 200)).toEqual({ why, mayRetry: false });
});

it('a webhook is reached through the proxy of the environment, unless NO_PROXY excepts it', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { HOOK: 'http://hooks.invalid/x', http_proxy: `http://${at}` };
  expect(await sendWebhook('HOOK', message, { cwd: '/', env }, 60_000)).toBeUndefined();
  const direct = { HOOK: `http://${at}/direct`, http_proxy: 'http://127.0.0.1:9', no_proxy: '127.0.0.1' };
  expect(await sendWebhook('HOOK', message, { cwd: '/', env: direct }, 60_000)).toBeUndefined();
  expect(asked).toEqual(['http://hooks.invalid/x', '/direct']);
});

it('a command that does not end is ended with all that it has started', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'notify-'));
  const script = 'trap "" TERM; sleep 600 & echo $! > pid; wait; sleep 600';
  const context = { cwd: directory, env: process.env };
  const refusal = await runCommand({ kind: 'shell', script }, message, context, 5_000);
  expect(refusal).toEqual({ why: 'timed out after 5s', mayRetry: true });
  const pid = readFileSync(join(directory, 'pid'), 'utf8').trim();
  await expect.poll(() => isRunning(pid)).toBe(false);
});

it('what a command leaves running is ended with it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'notify-'));
  const context = { cwd: directory, env: process.env };
  expect(
    await runCommand({ kind: 'shell', script: 'sleep 600 & echo $! > pid' }, message, context, 60_000),
  ).toBeUndefined();
  await expect.poll(() => isRunning(readFileSync(join(directory, 'pid'), 'utf8').trim())).toBe(false);
});

function isRunning(pid: string): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] !== 'Z';
  } catch {
    return false;
  }
}
