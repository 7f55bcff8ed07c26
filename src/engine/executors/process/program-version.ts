import { execFile } from 'node:child_process';
import { failed, ok, type Result } from '../../model/result.ts';
import { withDeadline } from '../../platform/with-deadline.ts';

const answerWithinMs = 4_000;
const mostBytes = 65_536;

/**
 * The version that a program prints on `--version`, as in `5.2.15`; an empty text when it prints none. Fails with the reason
 * why it does not run, in a few words.
 */
export async function programVersion(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Result<string, string>> {
  let onEnd: (result: Result<string, string>) => void;
  const end = new Promise<Result<string, string>>((resolve) => {
    onEnd = resolve;
  });
  // In a group of its own, so that all that it starts can be ended with it.
  const options = { env: { ...env }, maxBuffer: mostBytes, detached: true };
  const child = execFile(path, ['--version'], options, (error, stdout, stderr) => {
    // Some print it on standard error.
    const version = /\d+(?:\.\d+)+/.exec(`${stdout}\n${stderr}`)?.[0] ?? '';
    if (error === null) onEnd(ok(version));
    else onEnd(failed(typeof error.code === 'number' ? `it ends with exit code ${error.code}` : error.message));
  });
  child.stdin?.end();
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
