import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const settings = [
  // What was committed has to survive a crash of the server, though not one of the machine.
  ...['unix_socket_directories=', 'max_connections=200', 'fsync=off', 'full_page_writes=off'],
  ...['shared_buffers=64MB', 'jit=off', 'timezone=UTC'],
];

/**
 * A PostgreSQL to be thrown away, which listens on `address` and lets in whoever comes from `network` without a password.
 * Root starts it as another user, since PostgreSQL refuses to run as root.
 */
export async function startCluster({ address = '127.0.0.1', network = '127.0.0.1/32' } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-cluster-'));
  const account = accountOf(directory);
  const bin = binDirectory();
  const data = join(directory, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (account.uid !== undefined) chownSync(data, account.uid, account.gid);
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'etl', '-A', 'trust', '-E', 'UTF8', '--no-instructions'], {
    ...account,
    cwd: data,
    stdio: 'ignore',
  });
  appendFileSync(join(data, 'pg_hba.conf'), `host all all ${network} trust\n`);
  const port = await freePort();
  const url = `postgres://etl@${address}:${port}/postgres`;
  let server;

  const start = async () => {
    const options = [`listen_addresses=${address}`, `port=${port}`, ...settings].flatMap((one) => ['-c', one]);
    server = spawn(join(bin, 'postgres'), ['-D', data, ...options], { ...account, cwd: data, stdio: 'ignore' });
    for (let tries = 0; ; tries++) {
      const client = new pg.Client({ connectionString: url });
      client.on('error', () => undefined);
      try {
        await client.connect();
        await client.end();
        return;
      } catch (error) {
        if (tries > 200) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
  /** @param signal SIGINT: ends every session; SIGQUIT: at once, as by a crash */
  const stop = async (signal = 'SIGINT') => {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    if (server.exitCode === null && server.signalCode === null) {
      server.kill(signal);
      await ended;
    }
  };

  await start();
  return {
    url,
    start,
    stop,
    /** Rows of one statement, by a connection of its own. */
    query: async (sql, values = []) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        return (await client.query(sql, values)).rows;
      } finally {
        await client.end();
      }
    },
    close: async () => {
      await stop('SIGQUIT');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function accountOf(directory) {
  if (process.getuid() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((what) => Number(execFileSync('id', [what, 'nobody'], { encoding: 'utf8' })));
  chownSync(directory, uid, gid);
  return { uid, gid };
}

function binDirectory() {
  const debian = '/usr/lib/postgresql';
  const installed = existsSync(debian) ? readdirSync(debian).map((major) => join(debian, major, 'bin')) : [];
  const places = [...installed.reverse(), ...(process.env.PATH ?? '').split(':')];
  const found = places.find((place) => existsSync(join(place, 'initdb')) && existsSync(join(place, 'postgres')));
  if (found === undefined) throw new Error('initdb and postgres were not found');
  return found;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
