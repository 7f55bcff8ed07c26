import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { withDeadline } from '../../platform/with-deadline.ts';
import { endClient } from '../connection/client-deadlines.ts';
import type { Account } from './binaries/account.ts';
import { type Binaries, findBinaries } from './binaries/find-binaries.ts';
import {
  type EmbeddedDirectory,
  embeddedDirectory,
  existingMajors,
  prepareRoot,
  readPasswords,
  removeAbandoned,
} from './cluster/embedded-directory.ts';
import { acquireLease, type Lease } from './server/lease.ts';
import { ensureOwner, ownerRole } from './server/owner-role.ts';
import { startFailed } from './start-failed.ts';

export type EmbeddedOptions = {
  /** See `embeddedRoot`. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onProgress: (line: string) => void;
  /** Additional server settings. */
  readonly settings?: readonly string[];
  /** Replaces the accounts that `accountsToTry` would return. */
  readonly accounts?: readonly Account[];
};

/** The running embedded server, with the lease of this process on it. */
export type EmbeddedServer = {
  readonly binaries: Binaries;
  readonly directory: EmbeddedDirectory;
  /** For the tasks' role, with its password. */
  readonly url: string;
  readonly secrets: readonly string[];
  readonly lease: Lease;
};

const setupDeadlineMs = 30_000;

/** Finds the binaries, creates the data directory, starts or joins the server, and takes a lease. Never throws. */
export async function openEmbeddedServer(options: EmbeddedOptions): Promise<Result<EmbeddedServer, Diagnostic>> {
  const located = await locateEmbedded(options);
  if (!located.ok) return located;
  const { binaries, directory } = located.value;
  try {
    prepareRoot(directory.root, binaries.account);
    removeAbandoned(directory.root);
    warnAboutOtherMajors(binaries, directory, options.onProgress);
    const lease = await acquireLease({ ...options, binaries, directory });
    if (!lease.ok) return lease;
    const passwords = readPasswords(directory.cluster);
    if (passwords === undefined) return failed(startFailed('The passwords of the database are missing', ''));
    await withDeadline(ensureOwner(lease.value.client, passwords.owner), setupDeadlineMs, () => {
      void endClient(lease.value.client);
      throw new Error('the server does not answer');
    });
    return ok({
      binaries,
      directory,
      url: ownerUrl(passwords.owner, lease.value.port),
      secrets: [passwords.owner, passwords.admin],
      lease: lease.value,
    });
  } catch (error) {
    return failed(startFailed(`PostgreSQL cannot be set up in "${directory.root}"`, (error as Error).message));
  }
}

/**
 * The binaries and the directory for this project; starts nothing.
 * @param spareDirectory see `BinarySearch`
 */
export async function locateEmbedded(
  options: Pick<EmbeddedOptions, 'root' | 'env' | 'accounts'>,
  spareDirectory = join(options.root, 'lib'),
): Promise<Result<{ binaries: Binaries; directory: EmbeddedDirectory }, Diagnostic>> {
  const { root, env } = options;
  const preferredMajors = existingMajors(root);
  const accounts = options.accounts ?? ownersAccount(preferredMajors.map((major) => join(root, `pg${major}`)));
  const found = await findBinaries({
    env,
    preferredMajors,
    spareDirectory,
    ...(accounts === undefined ? {} : { accounts }),
  });
  return found.ok ? ok({ binaries: found.value, directory: embeddedDirectory(root, found.value.major) }) : found;
}

export function ownerUrl(password: string, port: number): string {
  return `postgres://${ownerRole}:${password}@127.0.0.1:${port}/${ownerRole}`;
}

/** PostgreSQL requires the owner of the data directory, so root must run as the user who created it. */
function ownersAccount(clusters: readonly string[]): readonly Account[] | undefined {
  const cluster = clusters[0];
  if (process.getuid?.() !== 0 || cluster === undefined) return undefined;
  const { uid, gid } = statSync(cluster);
  return uid === 0 ? undefined : [{ kind: 'user', uid, gid }];
}

function warnAboutOtherMajors(
  binaries: Binaries,
  directory: EmbeddedDirectory,
  onProgress: (line: string) => void,
): void {
  const others = existingMajors(directory.root).filter((major) => major !== binaries.major);
  if (others.length === 0 || existsSync(directory.cluster)) return;
  const names = others.map((major) => `pg${major}`).join(', ');
  onProgress(
    `PostgreSQL ${binaries.version} starts with an empty database; the data of another version in ${directory.root} (${names}) is kept and can be copied with dump and load (docs/database.md, "Upgrade")`,
  );
}
