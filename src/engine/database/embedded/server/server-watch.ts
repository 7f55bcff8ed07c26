import { type ChildProcess, spawn } from 'node:child_process';
import type { EmbeddedDirectory } from '../cluster/embedded-directory.ts';

/**
 * The shell program that stops a server whose last user was killed, and so could not do it. `$1` is the data directory, `$2`
 * the file that keeps the server running.
 *
 * 1. It reads a line from a pipe of the user. `q` says that the user has given its lease back: it exits.
 * 2. The end of the input without it means that the user is dead. Twice a second it looks for the server's clients, among its
 *    children in /proc. Where these are not listed, with the file of `$2`, and when another server has started, which has a
 *    user of its own, it exits.
 * 3. When there was no client for 4 seconds it asks the server to stop, after 10 more it tells it to (see `stopPostmaster`).
 *    Clients that come before are left to use it, and are waited for again.
 */
const watchProgram = `
trap '' HUP INT TERM
read -r word
[ "$word" = q ] && exit
exec 2>/dev/null
rounds=0
watched=
while read -r pid <"$1/postmaster.pid" && [ "\${watched:=$pid}" = "$pid" ] && [ "/proc/$pid/cwd" -ef "$1" ] && ! [ -e "$2" ]; do
  children=
  read -r children <"/proc/$pid/task/$pid/children"
  [ "$children" ] || exit
  rounds=$((rounds + 1))
  for child in $children; do
    title=
    read -r title <"/proc/$child/cmdline"
    case $title in *'127.0.0.1('*) rounds=0 ;; esac
  done
  case $rounds in
    8) kill -INT "$pid"; kill -CONT "$pid" $children ;;
    28) kill -QUIT "$pid"; kill -CONT "$pid" $children ;;
    38) kill -KILL "$pid" ;;
  esac
  sleep 0.5
done
`;

/**
 * Starts a process that outlives this one and stops the server if this one is killed and nobody else uses it. Returns what
 * ends it, to be called when the lease is given back. Without such a process the next user stops the server.
 */
export function watchServer({ cluster, keep }: Pick<EmbeddedDirectory, 'cluster' | 'keep'>): () => void {
  try {
    const watch: ChildProcess = spawn('sh', ['-c', watchProgram, 'etl-tui-server-watch', cluster, keep], {
      cwd: '/',
      env: { PATH: process.env['PATH'] },
      // In a session of its own, so that it gets no signal that is meant for us.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    watch.on('error', () => undefined);
    watch.unref();
    // There is none when too many files are open.
    watch.stdin?.on('error', () => undefined);
    return () => void watch.stdin?.end('q\n');
  } catch {
    return () => undefined;
  }
}
