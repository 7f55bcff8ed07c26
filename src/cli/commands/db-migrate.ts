import { displayText, migrateQueue } from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';

export type DbMigrateOptions = DisplayOptions & { readonly grant?: string };

/** Creates or upgrades the queue that ETL_TUI_QUEUE names, and says what it did. */
export async function dbMigrate(options: DbMigrateOptions, invocation: Invocation): Promise<number> {
  const done = await migrateQueue(invocation.env, options.grant);
  if (!done.ok) return showDiagnostics([done.error], options, invocation);
  const { place, from, to, hasChanged } = done.value;
  const what = !hasChanged
    ? `is up to date (version ${to})`
    : from === 0
      ? `was created (version ${to})`
      : `was upgraded from version ${from} to ${to}`;
  invocation.out.write(`the queue in ${displayText(place)} ${what}\n`);
  if (options.grant !== undefined) invocation.out.write(`the role ${displayText(options.grant)} may use it\n`);
  return exitCodes.success;
}
