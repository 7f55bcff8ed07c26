/**
 * Lets the kernel send SIGTERM to a program that we start when we die, whatever happens to the guardian: Linux can do that,
 * and `setpriv` of util-linux can ask for it. Where that fails, programs are started without.
 */
export type DeathSignal = {
  /** The command line that starts `program`. */
  command(program: string, args: readonly string[]): readonly [string, readonly string[]];
  isAvailable(): boolean;
  /** From now on, programs are started without it. */
  giveUp(): void;
};

/** @param setpriv its absolute path; undefined where there is none */
export function createDeathSignal(setpriv: string | undefined): DeathSignal {
  let starter = setpriv;
  return {
    command: (program, args) =>
      starter === undefined ? [program, args] : [starter, ['--pdeathsig', 'TERM', '--', program, ...args]],
    isAvailable: () => starter !== undefined,
    giveUp: () => {
      starter = undefined;
    },
  };
}
