import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../../model/result.ts';
import type { Binaries } from '../binaries/find-binaries.ts';
import { runProgram } from '../binaries/run-program.ts';
import { startFailed } from '../start-failed.ts';
import { type EmbeddedDirectory, type Passwords, passwordPath } from './embedded-directory.ts';

export const adminRole = 'etl_admin';

/**
 * Makes the data directory unless there is one. It is built beside its place and then renamed, so that of several
 * processes at once exactly one wins, and a killed one leaves nothing that looks finished.
 */
export async function createCluster(
  binaries: Binaries,
  directory: EmbeddedDirectory,
  onProgress: (line: string) => void,
): Promise<Result<'created' | 'present', Diagnostic>> {
  if (existsSync(join(directory.cluster, 'PG_VERSION'))) return ok('present');
  onProgress(
    `Creating a PostgreSQL ${binaries.version} database in ${directory.cluster} (once, takes a second or two)`,
  );
  const mark = `${process.pid}-${randomBytes(4).toString('hex')}`;
  const draft = `${directory.cluster}.init-${mark}`;
  const passwordInput = `${directory.cluster}.pw-${mark}`;
  const passwords: Passwords = { admin: newPassword(), owner: newPassword() };
  try {
    writePrivately(passwordInput, passwords.admin, binaries);
    mkdirSync(draft, { mode: 0o700 });
    changeOwner(draft, binaries);
    const path = join(binaries.directory, 'initdb');
    const args = ['-D', draft, '-U', adminRole, '-A', 'scram-sha-256', `--pwfile=${passwordInput}`, '-E', 'UTF8'];
    const { exitCode, output } = await runProgram({
      path,
      args: [...args, '--no-instructions', ...locale(binaries.major)],
      account: binaries.account,
      env: binaries.env,
    });
    if (exitCode !== 0) return failed(startFailed(`PostgreSQL could not create its files in "${draft}"`, output));
    writePrivately(passwordPath(draft), JSON.stringify(passwords), binaries);
    renameSync(draft, directory.cluster);
    return ok('created');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return ok('present');
    return failed(startFailed(`PostgreSQL could not create its files in "${directory.cluster}"`, message));
  } finally {
    rmSync(passwordInput, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

/** The plain C locale knows no lower case beyond ASCII, which breaks searches for names such as JOSÉ. */
function locale(major: number): readonly string[] {
  if (major < 17) return ['--locale=C.UTF-8'];
  return ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
}

/** Needs no escaping in an address, in SQL or in a file. */
function newPassword(): string {
  return randomBytes(18).toString('base64url');
}

function writePrivately(path: string, text: string, binaries: Binaries): void {
  writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  changeOwner(path, binaries);
}

function changeOwner(path: string, { account }: Binaries): void {
  if (account.kind === 'user') chownSync(path, account.uid, account.gid);
}
