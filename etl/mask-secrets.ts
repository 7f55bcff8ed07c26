/**
 * The text without its secrets: passwords in URLs, keys and signatures in query strings, and the values of the
 * variables that hold them. Every line that a task prints or reports goes through here.
 */
export function maskSecrets(text: string, env: NodeJS.ProcessEnv = process.env): string {
  let masked = text
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi, '$1:…@')
    .replace(/([?&](?:api_?key|key|token|sig|signature|password|x-amz-signature)=)[^&\s"']+/gi, '$1…');
  for (const secret of knownSecrets(env)) masked = masked.replaceAll(secret, '…');
  return masked;
}

/** Variables that hold addresses, which may have a password in them. */
const ADDRESSES = ['DATABASE_URL', 'HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'];

function knownSecrets(env: NodeJS.ProcessEnv): string[] {
  const secrets = [env['PGPASSWORD'], env['ODDS_API_KEY'], env['METEOSTAT_API_KEY']];
  const users = [env['PGUSER']];
  for (const name of ADDRESSES) {
    try {
      const { username, password } = new URL(env[name] ?? '');
      secrets.push(password, decodeURIComponent(password));
      users.push(username, decodeURIComponent(username));
    } catch {
      // No address, or one without a URL's form: then there is no password to take out of it.
    }
  }
  // Short values ("etl", "test") and the name of the user also occur in honest text, where masking them would only confuse.
  return secrets.filter(
    (secret): secret is string => secret !== undefined && secret.length >= 6 && !users.includes(secret),
  );
}
