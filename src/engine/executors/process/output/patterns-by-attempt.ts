import { compileSecrets, type SecretPatterns } from '../../../masking/compile-secrets.ts';

/** The patterns of `secrets` and of what an attempt has beside them; compiled again only when that differs from the one before. */
export function patternsByAttempt(secrets: readonly string[]): (more: readonly string[]) => SecretPatterns | undefined {
  const own = new Set(secrets);
  let last = { key: '', patterns: compileSecrets(secrets) };
  return (more) => {
    const key = more.filter((secret) => !own.has(secret)).join('\0');
    if (key !== last.key) last = { key, patterns: compileSecrets([...new Set([...own, ...more])]) };
    return last.patterns;
  };
}
