import { spawnSync } from 'node:child_process';

/** How the process below which everything runs treats the zombies that become its children. */
export type Reaping = 'at once' | 'once a second' | 'never';

/** The number of the system call `prctl`, which Perl does not know by name, on the machines that we know. */
const prctl = new Map([
  ['x64', 157],
  ['arm64', 167],
]).get(process.arch);

/**
 * A process that becomes the parent of all orphans below it, as the first process of a container does, and treats them as it
 * is told. It ends when its own parent does.
 */
const subreaper = `
use POSIX ":sys_wait_h";
my ($prctl, $reaping, @command) = @ARGV;
syscall($prctl + 0, 36, 1, 0, 0, 0) == 0 or die "no subreaper: $!";
my $parent = getppid();
defined(my $child = fork) or die;
if ($child == 0) { exec { $command[0] } @command or die "$!" }
while (getppid() == $parent) {
  if ($reaping ne "never") { while (waitpid(-1, WNOHANG) > 0) {} }
  select(undef, undef, undef, $reaping eq "at once" ? 0.005 : 1);
}
`;

/** What stands before a command that is to run below such a process. */
export function below(reaping: Reaping): readonly [string, ...string[]] {
  return ['perl', '-e', subreaper, String(prctl), reaping];
}

/** Why this machine has no such process; undefined when it has. */
export function noSubreaper(): string | undefined {
  if (process.platform !== 'linux' || prctl === undefined) return 'only Linux on x64 and arm64 is known';
  const { status } = spawnSync('perl', ['-e', `exit(syscall(${prctl}, 36, 1, 0, 0, 0) == 0 ? 0 : 1)`]);
  return status === 0 ? undefined : 'there is no Perl, or it cannot become a subreaper';
}
