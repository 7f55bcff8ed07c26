import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DownloadedFile, type DownloadOptions, download } from '../../../../etl/sources/download.ts';
import { SourceError } from '../../../../etl/sources/http-get.ts';
import { type FileHost, startFileHost } from './file-host.ts';

let cacheDirectory = '';
let hosts: FileHost[] = [];
const log: string[] = [];
beforeEach(async () => {
  cacheDirectory = await mkdtemp(join(tmpdir(), 'etl-download-'));
  log.length = 0;
});
afterEach(async () => {
  await Promise.all(hosts.map((host) => host.close()));
  hosts = [];
  await rm(cacheDirectory, { recursive: true, force: true });
});

async function host(answer: (response: ServerResponse, request: IncomingMessage, nth: number) => void) {
  const started = await startFileHost(answer);
  hosts.push(started);
  return started;
}

/** Fetches `file.csv.gz` of the host, whatever its port is this time. The limit is short only where a test waits for it. */
const fetchFrom = ({ url }: { readonly url: string }, options: DownloadOptions = {}) =>
  download(`${url}/file.csv.gz?sig=secret`, {
    cacheDirectory,
    stableName: 'the file',
    attempts: 3,
    firstPauseMs: 5,
    stallTimeoutMs: 20_000,
    log: (line) => log.push(line),
    ...options,
  });

const failure = async (got: Promise<unknown>): Promise<SourceError> => {
  const error = await got.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
};

const BODY = gzipSync('a,b\n1,2\n'.repeat(2000));
const send = (response: ServerResponse, body: Buffer | string = BODY, etag = '"1"') =>
  void response.writeHead(200, { 'content-length': Buffer.byteLength(body), etag }).end(body);

/** An address where nothing listens any more. */
async function offlineHost() {
  const gone = await startFileHost(() => {});
  await gone.close();
  return gone;
}

test('a redirect is followed anew each time, and the conditional headers are kept', async () => {
  const store = await host((response, request) => {
    if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
    else send(response);
  });
  const front = await host((response, _request, nth) => {
    response.writeHead(302, { location: `${store.url}/blob?expires=${nth}` }).end();
  });
  const first = await fetchFrom(front);
  expect(first).toMatchObject({ origin: 'downloaded', bytesTransferred: BODY.length });
  const second = (await fetchFrom(front)) as DownloadedFile;
  expect(second).toMatchObject({ origin: 'not-modified', bytesTransferred: 0, path: (first as DownloadedFile).path });
  expect(await readFile(second.path)).toEqual(BODY);
  expect(store.requests.map(({ url }) => url)).toEqual(['/blob?expires=1', '/blob?expires=2']);
  expect(store.requests[0]?.headers['user-agent']).toBeTruthy();
  expect(store.requests[0]?.headers.authorization).toBeUndefined();
});

test('without a network the last copy is used with a note, also for further files', async () => {
  const online = await host((response) => send(response));
  const { confirmedAt } = (await fetchFrom(online)) as DownloadedFile;
  const nobody = await offlineHost();
  const offline = (await fetchFrom(nobody)) as DownloadedFile;
  expect(offline).toMatchObject({ origin: 'offline', confirmedAt, bytesTransferred: 0 });
  expect(await readFile(offline.path)).toEqual(BODY);
  expect(log.at(-1)).toContain(
    `nothing listens there (connection refused) (3 requests); using the copy of ${confirmedAt.toISOString()}`,
  );
  expect(log.join()).not.toContain('secret');
  log.length = 0;
  await fetchFrom(nobody);
  expect(log).toEqual([expect.stringMatching(/connection refused\); using the copy/)]);
});

test('a source that fails is replaced by the copy, one that refuses is not', async () => {
  await fetchFrom(await host((response) => send(response)));
  expect(await fetchFrom(await host((response) => void response.writeHead(503).end()))).toMatchObject({
    origin: 'offline',
  });
  const refused = await failure(fetchFrom(await host((response) => void response.writeHead(403).end())));
  expect(refused.message).toContain('answered 403');
});

test('without a network and without a copy it fails with the reason', async () => {
  expect((await failure(fetchFrom(await offlineHost()))).message).toContain('connection refused');
  const nowhere = fetchFrom({ url: 'http://no-such-host.invalid' });
  expect((await failure(nowhere)).message).toMatch(/cannot be looked up \(offline\?\)/);
});

const half = BODY.subarray(0, BODY.length >> 1);
const BROKEN: readonly (readonly [string, (response: ServerResponse) => void, RegExp, DownloadOptions])[] = [
  [
    'is truncated',
    (response) => void response.writeHead(200, { 'content-length': BODY.length }).write(half, () => response.destroy()),
    /was truncated/,
    {},
  ],
  ['ends early without an error', (response) => void response.writeHead(200).end(half), /damaged or truncated/, {}],
  [
    'stalls',
    (response) => void response.writeHead(200, { 'content-length': BODY.length }).write(half),
    /the body stalled for 1 s/,
    { stallTimeoutMs: 1000 },
  ],
  ['is a web page', (response) => void response.writeHead(200).end('<html>Unicorn!</html>'), /web page/, {}],
  ['is empty', (response) => void response.writeHead(200).end(), /empty/, {}],
];

test.each(BROKEN)(
  'a body that %s is requested again, and then fails clearly without leaving a file',
  async (_, answer, complaint, options) => {
    const flaky = await host((response, _request, nth) => (nth === 1 ? answer(response) : send(response)));
    expect(await fetchFrom(flaky, options)).toMatchObject({ origin: 'downloaded' });
    expect(log.join()).toMatch(complaint);
    const before = await readdir(cacheDirectory);
    const broken = await host((response) => answer(response));
    const error = await failure(fetchFrom(broken, options));
    expect(error.message).toMatch(complaint);
    expect(error.message).toContain('(3 requests)');
    expect(error.message).not.toContain('secret');
    expect(broken.requests).toHaveLength(3);
    expect(await readdir(cacheDirectory)).toEqual(before);
  },
);

test('a small file that unpacks to a huge one is refused before it is stored', async () => {
  const bomb = gzipSync(Buffer.alloc(80 * 1024 ** 2), { level: 9 });
  const hostile = await host((response) => send(response, bomb));
  const error = await failure(fetchFrom(hostile, { attempts: 1 }));
  expect(error.message).toContain('unpacks to more than 100 times its size');
  expect(await readdir(cacheDirectory)).toEqual([]);
});

test('a server that never answers runs into a timeout', async () => {
  const error = await failure(fetchFrom(await host(() => {}), { attempts: 1, stallTimeoutMs: 300 }));
  expect(error.message).toContain('no answer for 0.3 s');
});

test('a 404 means that there is no such file, and is an error only for a required file', async () => {
  const gone = await host((response) => void response.writeHead(404).end());
  expect(await fetchFrom(gone)).toEqual({ kind: 'absent' });
  expect(await fetchFrom(gone, { expected: 'before' })).toEqual({ kind: 'absent' });
  expect(gone.requests).toHaveLength(2);
  const replaced = await host((response, _request, nth) => {
    if (nth < 3) response.writeHead(404).end();
    else send(response);
  });
  expect(await fetchFrom(replaced, { expected: 'always' })).toMatchObject({ origin: 'downloaded' });
  // Now that it was there, it can only be on its way back.
  expect((await failure(fetchFrom(gone, { expected: 'before' }))).message).toMatch(/not found \(404\).*being replaced/);
});

test('the pause a server asks for is kept, and one that is too long is passed on to the retry', async () => {
  const busy = await host((response, _request, nth) => {
    if (nth === 1) response.writeHead(429, { 'retry-after': '0' }).end();
    else response.writeHead(503, { 'retry-after': '3600' }).end();
  });
  expect(await failure(fetchFrom(busy))).toMatchObject({ retryAfterSeconds: 3600, exitCode: 1 });
  expect(busy.requests).toHaveLength(2);
});

test('a damaged copy is fetched again, and partial files of killed writers are removed', async () => {
  const online = await host((response) => send(response));
  const { path } = (await fetchFrom(online)) as DownloadedFile;
  await writeFile(path, 'damaged');
  // No process has this number: it is beyond what the system gives.
  await writeFile(join(cacheDirectory, `${path.split('/').at(-1)?.slice(0, 24)}.part-99999999-1`), 'half');
  expect(await fetchFrom(online)).toMatchObject({ origin: 'downloaded' });
  expect(online.requests[1]?.headers['if-none-match']).toBeUndefined();
  expect(await readFile(path)).toEqual(BODY);
  expect((await readdir(cacheDirectory)).filter((name) => name.includes('.part-'))).toEqual([]);
});

test('a copy that is fresh enough is used without a request', async () => {
  const online = await host((response) => send(response));
  await fetchFrom(online);
  expect(await fetchFrom(online, { freshForMs: 60_000 })).toMatchObject({ origin: 'fresh-copy' });
  expect(online.requests).toHaveLength(1);
});
