import { existsSync } from 'node:fs';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { endClient, queryWithDeadline } from '../connection/client-deadlines.ts';
import { connectNegotiatingTls } from '../connection/connect.ts';
import { connectFailure } from '../connection/connect-failure.ts';
import type { ConnectionAddress } from '../connection/connection-address.ts';
import { describeUrl, parseConnectionUrl, urlSecrets, withoutTls } from '../connection/connection-url.ts';
import { databaseFromEnvironment } from '../connection/database-from-environment.ts';
import { embeddedRoot } from '../embedded/cluster/embedded-directory.ts';
import { openEmbeddedServer } from '../embedded/open-embedded-server.ts';
import { ownerRole } from '../embedded/server/owner-role.ts';
import { createScratchServer } from './create-scratch-server.ts';
import type { ScratchHost, ScratchServer, ScratchServerOptions } from './scratch-server.ts';

/**
 * The server on which a run would have its database: that of the environment, or else the embedded one of the project.
 * Errors: those of `openDatabase`, and `database/may-not-create` when the role may not create databases.
 */
export async function openScratchServer(options: ScratchServerOptions): Promise<Result<ScratchServer, Diagnostic>> {
  const named = databaseFromEnvironment(options.env);
  if (!named.ok) return named;
  const host = named.value === undefined ? await embeddedHost(options) : await externalHost(named.value, options);
  if (!host.ok) return host;
  const created = await createScratchServer(host.value, {
    ...options,
    inSchemas: options.inSchemas && named.value !== undefined,
  });
  if (!created.ok) await host.value.release();
  return created;
}

async function embeddedHost({
  projectDir,
  env,
  onProgress,
}: ScratchServerOptions): Promise<Result<ScratchHost, Diagnostic>> {
  const root = embeddedRoot(projectDir, env);
  const opened = await openEmbeddedServer({ root, env, onProgress: onProgress ?? (() => {}) });
  if (!opened.ok) return opened;
  const { url, lease, directory, binaries, secrets } = opened.value;
  // It has no TLS, whatever PGSSLMODE is in the environment.
  const address = parseConnectionUrl(`${url}?sslmode=disable`);
  if (!address.ok) return address;
  return ok({
    description: `embedded PostgreSQL ${binaries.version}`,
    secrets,
    client: lease.client,
    address: { ...address.value, isEncrypted: false },
    owner: ownerRole,
    release: () => lease.release(existsSync(directory.keep) ? 'leave-running' : 'stop-if-last'),
  });
}

async function externalHost(
  address: ConnectionAddress,
  { id, inSchemas }: ScratchServerOptions,
): Promise<Result<ScratchHost, Diagnostic>> {
  try {
    const { client, isEncrypted } = await connectNegotiatingTls(address, { applicationName: `etl-tui:verify:${id}` });
    const host: ScratchHost = {
      description: `PostgreSQL at ${describeUrl(address)}`,
      secrets: urlSecrets(address),
      client,
      address: isEncrypted ? address : withoutTls(address),
      release: () => endClient(client).then(() => true),
    };
    const refusal = await mayCreate(host, inSchemas);
    if (refusal === undefined) return ok(host);
    await host.release();
    return failed(refusal);
  } catch (error) {
    return failed(connectFailure(address, error as Error));
  }
}

const queryDeadlineMs = 15_000;

async function mayCreate({ client, address }: ScratchHost, inSchemas: boolean): Promise<Diagnostic | undefined> {
  const [role] = await queryWithDeadline<{ databases: boolean; schemas: boolean }>(
    client,
    queryDeadlineMs,
    `SELECT rolcreatedb OR rolsuper AS databases, has_database_privilege(current_database(), 'CREATE') AS schemas
     FROM pg_roles WHERE rolname = current_user`,
  );
  if (inSchemas ? role?.schemas : role?.databases) return undefined;
  const { user, origin } = address;
  const others = `use another server in ${origin}, or unset ${origin} to use the embedded PostgreSQL`;
  const what = inSchemas ? 'schemas' : 'databases';
  return {
    code: 'database/may-not-create',
    severity: 'error',
    message: `The role "${user}" may not create ${what} at "${describeUrl(address)}", but each proof needs its own`,
    hint: inSchemas
      ? `allow it (GRANT CREATE ON DATABASE ${address.database} TO ${user}), or ${others}`
      : `allow it (ALTER ROLE ${user} CREATEDB), ${others}; if no task names a schema, use --in-schemas`,
  };
}
