import { fine, type ProbeResult, resultOf } from '../../engine/index.ts';

/**
 * Whether this Node.js is new enough.
 * @param wanted as in the manifest: `>=20.19`
 */
export function examineNode(version: string, wanted: string, own: string): ProbeResult {
  const found = `${version}; etl-tui ${own}`;
  const least = wanted.replace('>=', '');
  if (isAtLeast(version, least)) return fine('node', found);
  return resultOf('node', 'problem', `${found}, which needs ${least} or newer`, 'install a newer Node.js');
}

function isAtLeast(version: string, least: string): boolean {
  const [has, needs] = [version, least].map((text) => text.split('.').map(Number));
  const [major = 0, minor = 0] = has ?? [];
  const [leastMajor = 0, leastMinor = 0] = needs ?? [];
  return major === leastMajor ? minor >= leastMinor : major > leastMajor;
}
