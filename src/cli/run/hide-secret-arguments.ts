import { isSecretName } from '../../engine/index.ts';

/**
 * Masks the values of secret parameters in the command line of this process, which every user of the machine can read. It
 * is too late for the moment of the start; `-p NAME` without a value is never visible.
 * @param declared names under `secrets` in the pipeline
 */
export function hideSecretArguments(declared: Iterable<string>): void {
  const line = publicCommandLine([process.argv0, ...process.argv.slice(1)], declared);
  if (line !== undefined) process.title = line;
}

/** Undefined when there is nothing to hide. */
function publicCommandLine(argv: readonly string[], declared: Iterable<string>): string | undefined {
  const names = new Set(declared);
  let isHidden = false;
  const words = argv.map((word) => {
    const [, option = '', name = '', value = ''] = /^(-p|--param=)?([A-Za-z_]\w*)=(.+)$/s.exec(word) ?? [];
    if (value === '' || !isSecretName(name, names)) return word;
    isHidden = true;
    return `${option}${name}=***`;
  });
  return isHidden ? words.join(' ') : undefined;
}
