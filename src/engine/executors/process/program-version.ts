import { spawn } from 'node:child_process';
import { failed, ok, type Result } from '../../model/result.ts';
import { withDeadline } from '../../platform/with-deadline.ts';

const answerWithinMs = 4_000;
const mostCharacters = 65_536;

/**
 * The version that a program prints on `--version`, as in `5.2.15`; an empty text when it prints none. Fails with the reason
 * why it does not run, in a few words.
 */
export async function programVersion(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Result<string, string>> {
  // In a group of its own, so that all that it starts can be ended with it.
  const child = spawn(path, ['--version'], { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let printed = '';
  // Some print it on standard error.
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      if (printed.length < mostCharacters) printed += text;
    });
  }
  const end = new Promise<Result<string, string>>((resolve) => {
    child.once('error', (error) => resolve(failed(error.message)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(ok(/\d+(?:\.\d+)+/.exec(printed)?.[0] ?? ''));
      else resolve(failed(code === null ? `it is ended by ${signal}` : `it ends with exit code ${code}`));
    });
  });
  return withDeadline(end, answerWithinMs, () => {
    endGroup(child.pid);
    return failed(`it does not answer within ${answerWithinMs / 1000}s`);
  });
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
