import { readFileSync } from 'node:fs';

/** The account that runs PostgreSQL's programs, which refuse to run as root. */
export type Account =
  | { readonly kind: 'self' }
  /** Root, mapped to nobody in a user namespace: files stay root's, so no owner has to change. */
  | { readonly kind: 'namespace' }
  /** Another user of this machine, who becomes the owner of the data directory. */
  | { readonly kind: 'user'; readonly uid: number; readonly gid: number };

/** The accounts to try, best first; for anybody but root, only their own. */
export function accountsToTry(env: Readonly<Record<string, string | undefined>>): readonly Account[] {
  if (process.getuid?.() !== 0) return [{ kind: 'self' }];
  const accounts: Account[] = process.platform === 'linux' ? [{ kind: 'namespace' }] : [];
  const sudo = Number(env['SUDO_UID'] ?? 0);
  if (sudo > 0) accounts.push({ kind: 'user', uid: sudo, gid: Number(env['SUDO_GID'] ?? sudo) });
  const known = knownUsers();
  for (const name of ['postgres', 'nobody']) {
    const user = known.get(name);
    if (user !== undefined) accounts.push(user);
  }
  return accounts;
}

/** initdb requires a user with a name, so only users of /etc/passwd are possible. */
function knownUsers(): ReadonlyMap<string, Account> {
  const users = new Map<string, Account>();
  let text = '';
  try {
    text = readFileSync('/etc/passwd', 'utf8');
  } catch {
    // Without this file there are no other users to try.
  }
  for (const line of text.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name && Number(uid) > 0) users.set(name, { kind: 'user', uid: Number(uid), gid: Number(gid) });
  }
  return users;
}
