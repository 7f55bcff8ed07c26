import { execa } from 'execa';
import { guardianProgram } from './guardian-program.ts';

/** A process that outlives us for as long as it takes to end our tasks, should we die without doing so. */
export type Guardian = {
  guard(slotPid: number): void;
  forget(slotPid: number): void;
  /** Grows to the longest grace that any attempt was promised. */
  allow(graceMs: number): void;
  /** Nothing is left to guard. */
  dismiss(): Promise<void>;
};

/** `mark` is how the environment of every attempt can be told, for the search in /proc. */
export function startGuardian(bash: string, mark: string, env: Readonly<Record<string, string>>): Guardian {
  const slots = new Set<number>();
  let graceTenths = 50;
  let dismissed = false;
  let tell = (_line: string) => undefined as unknown;
  let gone: Promise<unknown> = Promise.resolve();

  const start = () => {
    const startedAt = performance.now();
    const shell = execa(bash, ['-p', '-c', guardianProgram, 'etl-tui-guardian', mark], {
      cwd: '/',
      env,
      extendEnv: false,
      detached: true,
      cleanup: false,
      buffer: false,
      reject: false,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    shell.stdin.on('error', () => undefined);
    tell = (line) => shell.stdin.write(line);
    tell(`g ${graceTenths}\n${[...slots].map((pid) => `h ${pid}\n`).join('')}`);
    gone = shell.then(() => {
      // Killed by somebody: another takes its place, unless this machine does not let it live at all.
      if (!dismissed && performance.now() - startedAt > 1_000) start();
    });
  };
  start();

  return {
    guard: (pid) => {
      slots.add(pid);
      tell(`h ${pid}\n`);
    },
    forget: (pid) => {
      slots.delete(pid);
      tell(`x ${pid}\n`);
    },
    allow: (graceMs) => {
      const tenths = Math.min(36_000, Math.ceil(graceMs / 100));
      if (tenths <= graceTenths) return;
      graceTenths = tenths;
      tell(`g ${tenths}\n`);
    },
    dismiss: () => {
      dismissed = true;
      tell('q\n');
      return gone.then(() => undefined);
    },
  };
}
