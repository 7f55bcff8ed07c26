import { type Command, Option } from 'commander';

/** The options that every command has. */
export function addLook(command: Command): Command {
  return command
    .option('--no-color', 'no colours (also: NO_COLOR; FORCE_COLOR turns them on)')
    .option('--ascii', 'draw icons and lines in ASCII');
}

/** What a command that runs a pipeline writes, and where. */
export function addReports(command: Command): Command {
  return command
    .addOption(
      new Option('--reporter <NAME>', 'format of the log (default: plain; in GitHub Actions: github)').choices([
        'plain',
        'json',
        'github',
      ]),
    )
    .option('--junit <FILE>', 'also write a JUnit report')
    .option('--log-dir <DIR>', 'the log directory (default: logs/etl in the project)');
}
