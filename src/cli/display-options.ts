import type { Command } from 'commander';

/** The options that every command has. */
export function addLook(command: Command): Command {
  return command
    .option('--no-color', 'no colours (so does NO_COLOR; FORCE_COLOR wants them)')
    .option('--ascii', 'icons and lines in ASCII only');
}
