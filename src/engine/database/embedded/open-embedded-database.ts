import { existsSync } from 'node:fs';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { parseConnectionUrl } from '../connection/connection-url.ts';
import type { OpenConnection } from '../connection/reconnecting-client.ts';
import type { OpenedDatabase } from '../opened-database.ts';
import { type EmbeddedOptions, type EmbeddedServer, openEmbeddedServer } from './open-embedded-server.ts';
import { findRunning } from './server/postmaster.ts';

/** Opens the embedded server. Its one connection holds the lease, runs administrative queries and detects the loss of the server. */
export async function openEmbeddedDatabase(options: EmbeddedOptions): Promise<Result<OpenedDatabase, Diagnostic>> {
  const opened = await openEmbeddedServer(options);
  if (!opened.ok) return opened;
  const first = asConnection(opened.value);
  if (!first.ok) return first;
  const { binaries, directory, lease, secrets } = opened.value;
  return ok({
    source: 'embedded',
    description: `embedded PostgreSQL ${binaries.version} in ${directory.cluster} (port ${lease.port})`,
    secrets,
    first: first.value,
    serverPid: async () => (await findRunning(directory.cluster))?.pid,
    reopen: async () => {
      const again = await openEmbeddedServer(options);
      return again.ok ? asConnection(again.value) : failed(again.error);
    },
  });
}

function asConnection({ url, lease, directory }: EmbeddedServer): Result<OpenConnection, Diagnostic> {
  const address = parseConnectionUrl(url);
  if (!address.ok) return address;
  const release = () => lease.release(existsSync(directory.keep) ? 'leave-running' : 'stop-if-last');
  // The embedded server has no TLS.
  return ok({ client: lease.client, address: { ...address.value, isEncrypted: false }, release });
}
