import type { Output } from './output/output.ts';

/** What a command gets besides its own arguments: its environment. */
export type Invocation = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
  /** For mistakes and for what takes long, so that standard output holds results only. */
  readonly err: Output;
};

/** Told the exit code when the command that was called has ended. */
export type Done = (exitCode: number) => void;

/** The options that every command has. */
export type DisplayOptions = { readonly color: boolean; readonly ascii?: boolean };
