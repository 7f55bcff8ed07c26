import { existsSync } from 'node:fs';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { parseConnectionUrl } from '../connection/connection-url.ts';
import type { OpenedSource } from '../connection/opened-source.ts';
import type { OpenConnection } from '../connection/reconnecting-client.ts';
import { type EmbeddedOptions, type EmbeddedServer, openEmbedded } from './embedded-server.ts';
import { findRunning } from './postmaster.ts';

/** Opens the project's own server; the one connection is the claim on it, the administrator's view and the alarm. */
export async function openEmbeddedDatabase(options: EmbeddedOptions): Promise<Result<OpenedSource, Diagnostic>> {
  const opened = await openEmbedded(options);
  if (!opened.ok) return opened;
  const first = asConnection(opened.value);
  if (!first.ok) return first;
  const { binaries, directory, lease, secrets } = opened.value;
  const kind = binaries.source === 'embedded' ? 'embedded' : 'private';
  return ok({
    source: binaries.source,
    description: `${kind} PostgreSQL ${binaries.version} in ${directory.cluster} (port ${lease.port})`,
    secrets,
    first: first.value,
    serverPid: async () => (await findRunning(directory.cluster))?.pid,
    reopen: async () => {
      const again = await openEmbedded(options);
      return again.ok ? asConnection(again.value) : failed(again.error);
    },
  });
}

function asConnection({ url, lease, directory }: EmbeddedServer): Result<OpenConnection, Diagnostic> {
  const address = parseConnectionUrl(url);
  if (!address.ok) return address;
  const release = () => lease.release(existsSync(directory.keep) ? 'leave-running' : 'stop-if-last');
  // Our own server speaks no TLS.
  return ok({ client: lease.client, address: { ...address.value, isEncrypted: false }, release });
}
