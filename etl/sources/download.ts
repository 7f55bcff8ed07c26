import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { maskSecrets } from '../mask-secrets.ts';
import { partOf, removeLeftovers } from '../part-file.ts';
import { startBodyCheck } from './body-check.ts';
import { BadBody, getWithRetries, type HttpGetOptions, SourceError } from './http-get.ts';

export type DownloadOptions = HttpGetOptions & {
  /** A name that stays the same from run to run, see `Sources.stableName`; the address itself when left out. */
  readonly stableName?: string;
  /** A copy that was confirmed less than this ago is used without a request. */
  readonly freshForMs?: number;
  /**
   * When a 404 is temporary and retried: `always`, or for a file that existed `before`. Otherwise, and by default, a
   * 404 means that there is no such file.
   */
  readonly expected?: 'always' | 'before';
  /** Called with every file, also one from the cache. */
  readonly onFile?: (file: DownloadedFile) => void;
  /** Where the copies are kept; ETL_DOWNLOAD_CACHE, else `.etl-tui/downloads` in the working directory. */
  readonly cacheDirectory?: string;
};

export type DownloadedFile = {
  readonly kind: 'file';
  readonly path: string;
  /** SHA-256 of the file as stored, in hexadecimal: the same content has the same name, whoever sends it. */
  readonly sha256: string;
  readonly stableName: string;
  /** `offline`: the source was unreachable, and the stored copy is used instead. */
  readonly origin: 'downloaded' | 'not-modified' | 'fresh-copy' | 'offline';
  readonly bytesTransferred: number;
  /** When the source last confirmed this content. */
  readonly confirmedAt: Date;
};

export type Download = DownloadedFile | { readonly kind: 'absent' };

type CachedFile = {
  readonly stableName: string;
  readonly body: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly etag?: string;
  readonly lastModified?: string;
  readonly confirmedAt: string;
};

/**
 * Fetches a file into the download cache and returns where it lies. Asks with If-None-Match and If-Modified-Since when
 * there is a copy; a complete, plausible body replaces the copy in one rename. 404 is `absent`. When the source cannot
 * be had at all, the copy stands in, and the origin says so.
 */
export async function download(url: string, options: DownloadOptions = {}): Promise<Download> {
  const got = await obtain(url, options);
  if (got.kind === 'file') options.onFile?.(got);
  return got;
}

/** Hosts that were just unreachable: where there is a copy, they get one request without retries. */
const unreachableSources = new Set<string>();

async function obtain(url: string, options: DownloadOptions): Promise<Download> {
  const directory =
    options.cacheDirectory ?? (process.env['ETL_DOWNLOAD_CACHE'] || join(process.cwd(), '.etl-tui/downloads'));
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const stableName = maskSecrets(options.stableName ?? url);
  const key = createHash('sha256').update(stableName).digest('hex').slice(0, 24);
  const kept = await readCached(directory, key);
  if (kept !== undefined && Date.now() - Date.parse(kept.confirmedAt) < (options.freshForMs ?? 0)) {
    return fileOf(directory, kept, 'fresh-copy', 0);
  }
  const { host } = new URL(url);
  const patience = kept !== undefined && unreachableSources.has(host) ? { attempts: 1 } : {};
  try {
    return await getWithRetries(
      url,
      { ...options, ...patience, headers: { ...options.headers, ...conditions(kept) } },
      async (response, chunks) => {
        unreachableSources.delete(host);
        if (response.status === 304 && kept !== undefined) {
          const confirmed = { ...kept, confirmedAt: new Date().toISOString() };
          await writeCached(directory, key, confirmed);
          return fileOf(directory, confirmed, 'not-modified', 0);
        }
        if (response.status === 404) {
          await response.body?.cancel();
          const isExpected = options.expected === 'always' || (options.expected === 'before' && kept !== undefined);
          if (isExpected) throw new BadBody('not found (404), although it is required; it may be being replaced');
          return { kind: 'absent' } as const;
        }
        if (response.status !== 200) {
          await response.body?.cancel();
          throw new SourceError(`${maskSecrets(url)}: answered ${response.status}`, { reachable: true });
        }
        const stored = await store(directory, key, chunks);
        const fresh: CachedFile = {
          stableName,
          ...stored,
          ...validators(response.headers),
          confirmedAt: new Date().toISOString(),
        };
        await writeCached(directory, key, fresh);
        if (kept !== undefined && kept.body !== fresh.body) await rm(join(directory, kept.body), { force: true });
        return fileOf(directory, fresh, 'downloaded', stored.bytes);
      },
    );
  } catch (error) {
    if (!(error instanceof SourceError) || error.reachable || kept === undefined) throw error;
    unreachableSources.add(host);
    options.log?.(`${error.message}; using the copy of ${kept.confirmedAt}`);
    return fileOf(directory, kept, 'offline', 0);
  }
}

/** The file's text as bytes, unzipped when its first bytes say gzip: a server or proxy may already have unzipped it. */
export async function openText(path: string): Promise<Readable> {
  const raw = createReadStream(path, { highWaterMark: 1 << 18 });
  if (!(await startsAsGzip(path))) return raw;
  const text = createGunzip({ chunkSize: 1 << 18 });
  raw.on('error', (error) => text.destroy(error));
  return raw.pipe(text);
}

async function store(directory: string, key: string, chunks: AsyncIterable<Uint8Array>) {
  await removeLeftovers(join(directory, key));
  const temporary = partOf(join(directory, key));
  const file = await open(temporary, 'wx', 0o600);
  const hash = createHash('sha256');
  const check = startBodyCheck();
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      await check.look(chunk);
      hash.update(chunk);
      bytes += chunk.length;
      await file.writeFile(chunk);
    }
    await check.finish();
    await file.close();
    const sha256 = hash.digest('hex');
    const body = `${key}.${sha256.slice(0, 16)}`;
    await rename(temporary, join(directory, body));
    return { body, sha256, bytes };
  } catch (error) {
    await file.close().catch(() => {});
    await rm(temporary, { force: true });
    throw error;
  }
}

async function startsAsGzip(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

function conditions(kept: CachedFile | undefined): Record<string, string> {
  return {
    ...(kept?.etag === undefined ? {} : { 'if-none-match': kept.etag }),
    ...(kept?.lastModified === undefined ? {} : { 'if-modified-since': kept.lastModified }),
  };
}

function validators(headers: Headers) {
  const etag = headers.get('etag');
  const lastModified = headers.get('last-modified');
  return { ...(etag === null ? {} : { etag }), ...(lastModified === null ? {} : { lastModified }) };
}

function fileOf(
  directory: string,
  kept: CachedFile,
  origin: DownloadedFile['origin'],
  bytesTransferred: number,
): Download {
  const { body, sha256, stableName, confirmedAt } = kept;
  return {
    kind: 'file',
    path: join(directory, body),
    sha256,
    stableName,
    origin,
    bytesTransferred,
    confirmedAt: new Date(confirmedAt),
  };
}

/** The record of a copy, but only when the copy itself is there in full. */
async function readCached(directory: string, key: string): Promise<CachedFile | undefined> {
  try {
    const kept = JSON.parse(await readFile(join(directory, `${key}.json`), 'utf8')) as CachedFile;
    const { size } = await stat(join(directory, kept.body));
    return size === kept.bytes && Number.isFinite(Date.parse(kept.confirmedAt)) ? kept : undefined;
  } catch {
    return undefined;
  }
}

async function writeCached(directory: string, key: string, kept: CachedFile): Promise<void> {
  const temporary = partOf(join(directory, `${key}.json`));
  await writeFile(temporary, JSON.stringify(kept), { mode: 0o600 });
  await rename(temporary, join(directory, `${key}.json`));
}
