import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { getWithRetries } from '../../../../etl/sources/http-get.ts';
import { createTestDatabase } from '../../../support/postgres.ts';
import { startTask } from '../odds/task-process.ts';
import { type FileHost, startFileHost } from './file-host.ts';
import { type ProxyServer, startProxy } from './proxy-server.ts';

const VARIABLES = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'];
let source: FileHost;
let proxy: ProxyServer;
beforeEach(async () => {
  source = await startFileHost((response) => response.end('the file'));
  proxy = await startProxy(source.url);
  for (const name of VARIABLES) vi.stubEnv(name, undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await proxy.close();
  await source.close();
});

/** The body, asked for once. */
const get = (url: string, log: string[] = []) =>
  getWithRetries(url, { attempts: 1, stallTimeoutMs: 20_000, log: (line) => log.push(line) }, async (response) =>
    response.status === 200 ? response.text() : String(response.status),
  );

test.each(['HTTP_PROXY', 'http_proxy'])('%s is used, with its user and password', async (name) => {
  vi.stubEnv(name, `http://me:p%40ssword@127.0.0.1:${proxy.port}`);
  // Nobody but the proxy knows this host.
  expect(await get('http://source.example/a?b=1')).toBe('the file');
  expect(proxy.requests).toEqual([{ request: 'GET http://source.example/a?b=1', credentials: 'me:p@ssword' }]);
});

test('a proxy without a scheme is http, and lower-case variables take precedence', async () => {
  vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1');
  vi.stubEnv('http_proxy', `127.0.0.1:${proxy.port}`);
  expect(await get('http://source.example/')).toBe('the file');
  vi.stubEnv('http_proxy', '');
  expect(await get(source.url)).toBe('the file');
  expect(proxy.requests).toHaveLength(1);
});

test.each(['127.0.0.1', '*', 'other.example,.0.0.1, 127.0.0.1'])('NO_PROXY=%s excludes the host', async (hosts) => {
  vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${proxy.port}`);
  vi.stubEnv('NO_PROXY', hosts);
  expect(await get(source.url)).toBe('the file');
  expect(proxy.requests).toHaveLength(0);
  vi.stubEnv('no_proxy', 'elsewhere.example');
  expect(await get(source.url)).toBe('the file');
  expect(proxy.requests).toHaveLength(1);
});

test('https goes through a tunnel, which a proxy may refuse, and no message contains the password', async () => {
  await proxy.close();
  proxy = await startProxy(source.url, 407);
  vi.stubEnv('HTTPS_PROXY', `http://me:a-password@127.0.0.1:${proxy.port}`);
  const error = await get('https://source.example/').catch((reason: Error) => reason);
  expect(String(error)).toMatch(
    /the proxy refused it \(407: check its user and password\), through the proxy of HTTPS_PROXY/,
  );
  expect(proxy.requests[0]).toEqual({ request: 'CONNECT source.example:443', credentials: 'me:a-password' });
  expect(String(error)).not.toContain('a-password');
});

test('a proxy that does not answer, and an invalid one, are reported', async () => {
  vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1');
  await expect(get('http://source.example/')).rejects.toThrow(/through the proxy of HTTP_PROXY/);
  vi.stubEnv('HTTP_PROXY', 'socks5://me:a-password@127.0.0.1:1');
  await expect(get('http://source.example/')).rejects.toThrow(
    'HTTP_PROXY is not the address of a proxy, like http://proxy:3128',
  );
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

test.skipIf(!hasOpenssl)('a task loads a file over https through a proxy', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'etl-proxy-'));
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const request = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=source.example';
  const names = ['-addext', 'subjectAltName=DNS:source.example'];
  spawnSync('openssl', ['req', ...request.split(' '), ...names, '-keyout', key, '-out', cert]);
  const header = 'game_id,season,game_type,week,gameday,home_team,away_team';
  const body = `${header}\n2023_01_DET_KC,2023,REG,1,2023-09-07,KC,DET\n`;
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) =>
    response.end(body),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const tunnel = await startProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const database = await createTestDatabase();
  try {
    const env = {
      DATABASE_URL: database.url,
      NFLVERSE_BASE_URL: 'https://source.example/releases',
      ETL_PARAM_SEASONS: '2023',
      HTTPS_PROXY: `http://me:a-password@127.0.0.1:${tunnel.port}`,
      NODE_EXTRA_CA_CERTS: cert,
    };
    const { code, output } = await startTask('nflverse-schedules', { cwd: directory, env }).ended;
    expect([code, output]).toEqual([0, expect.stringContaining('1 games, 1 changed')]);
    expect(tunnel.requests).toEqual([{ request: 'CONNECT source.example:443', credentials: 'me:a-password' }]);
  } finally {
    await database.close();
    await tunnel.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(directory, { recursive: true, force: true });
  }
});

test('the sample sources are never requested through a proxy', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'etl-proxy-'));
  const database = await createTestDatabase();
  try {
    const address = `http://127.0.0.1:${proxy.port}`;
    const env = { DATABASE_URL: database.url, ETL_SAMPLE_SCALE: 'small', HTTP_PROXY: address, HTTPS_PROXY: address };
    expect(await startTask('nflverse-schedules', { cwd: directory, env }).ended).toMatchObject({ code: 0 });
    expect(proxy.requests).toHaveLength(0);
  } finally {
    await database.close();
    await rm(directory, { recursive: true, force: true });
  }
});
