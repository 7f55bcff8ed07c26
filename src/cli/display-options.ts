import { type Command, Option } from 'commander';

/** The options that every command has. */
export function addLook(command: Command): Command {
  return command
    .option('--no-color', 'no colours (so does NO_COLOR; FORCE_COLOR wants them)')
    .option('--ascii', 'icons and lines in ASCII only');
}

/** What a command that runs a pipeline writes, and where. */
export function addReports(command: Command): Command {
  return command
    .addOption(
      new Option('--reporter <NAME>', 'form of the log (default: plain; github under GitHub Actions)').choices([
        'plain',
        'json',
        'github',
      ]),
    )
    .option('--junit <FILE>', 'write a JUnit report as well')
    .option('--log-dir <DIR>', 'where logs and results go (default: logs/etl in the project)');
}
