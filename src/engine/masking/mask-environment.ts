import { compileSecrets } from './compile-secrets.ts';
import { findSecrets } from './find-secrets.ts';
import { maskText } from './mask-stream.ts';

const assignment = /^(?:--param=|-p)?(\w+)=(.+)$/s;

/** `text` without the secrets of the environment and of the parameters in `args`: for what is said outside of any run. */
export function maskEnvironment(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
): string {
  const params = args.flatMap((arg) => {
    const [, name, value] = assignment.exec(arg) ?? [];
    return name === undefined ? [] : [[name, value] as const];
  });
  return maskText(compileSecrets(findSecrets([...Object.entries(env), ...params]).values), text);
}
