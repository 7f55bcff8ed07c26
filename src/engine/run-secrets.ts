const secretName = /(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|(^|_|API|ACCESS|PRIVATE)KEY)$/i;

/**
 * What must not be shown of a set of variables: the values of those whose names say so, and the passwords in addresses,
 * alone and with the address around them. Longest first.
 */
export function findSecrets(variables: Iterable<readonly [string, string | undefined]>): readonly string[] {
  const secrets = new Set<string>();
  for (const [name, value] of variables) {
    if (!value) continue;
    if (secretName.test(name)) secrets.add(value);
    for (const secret of addressSecrets(value)) secrets.add(secret);
  }
  return [...secrets].sort((a, b) => b.length - a.length);
}

/** Only an address with a password is a secret; one without is what people need to read. */
function addressSecrets(value: string): readonly string[] {
  const userinfo = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@]*:([^/?#]*)@/i.exec(value);
  if (userinfo === null || userinfo[1] === undefined || userinfo[1] === '') return [];
  return [value, userinfo[1], decode(userinfo[1])];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
