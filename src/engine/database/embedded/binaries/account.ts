import { readFileSync } from 'node:fs';

/** Under whom PostgreSQL's programs run: they refuse to work for root. */
export type Account =
  | { readonly kind: 'self' }
  /** Root seen as nobody inside a user namespace of its own: files stay root's, nothing has to be handed over. */
  | { readonly kind: 'namespace' }
  /** Another user of this machine, who then owns the data directory. */
  | { readonly kind: 'user'; readonly uid: number; readonly gid: number };

/** The accounts to try, best first. An ordinary user needs none but their own. */
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

/** initdb wants a user with a name, so only those of the password file will do. */
function knownUsers(): ReadonlyMap<string, Account> {
  const users = new Map<string, Account>();
  let text = '';
  try {
    text = readFileSync('/etc/passwd', 'utf8');
  } catch {
    // A system without this file has no other users for us.
  }
  for (const line of text.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name && Number(uid) > 0) users.set(name, { kind: 'user', uid: Number(uid), gid: Number(gid) });
  }
  return users;
}
