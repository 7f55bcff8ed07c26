import { formatCount } from '../../display/format/format-count.ts';
import { fine, type ProbeResult, resultFrom } from '../../engine/index.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { placed } from './placed.ts';

/** Whether a person's own keys and colours count. No run fails for them, so that a mistake is a warning. */
export function examineConfig({ path, exists, warnings }: LoadedConfig): ProbeResult {
  const [first, ...others] = warnings;
  if (first === undefined)
    return fine('config', exists ? `${path} is valid` : `no ${path}: the usual keys and colours`);
  const { message, ...told } = placed(first);
  const count = others.reduce((sum, { more = 1 }) => sum + more, 0);
  const rest = count === 0 ? '' : ` (and ${formatCount(count, 'other mistake')})`;
  return resultFrom('config', { ...told, message: `${message}${rest}; until it is right, nothing of the file counts` });
}
