import type { Exit } from '../../../model/run/task-state.ts';
import { findProgram } from '../find-program.ts';

/** The programs of util-linux that make a PID namespace and enter it. */
export type NamespaceTools = { readonly unshare: string; readonly nsenter: string; readonly setsid: string };

/** Undefined when one of them is not installed; so it is on systems without namespaces. */
export function findNamespaceTools(env: Readonly<Record<string, string | undefined>>): NamespaceTools | undefined {
  const unshare = findProgram('unshare', env);
  const nsenter = findProgram('nsenter', env);
  const setsid = findProgram('setsid', env);
  if (unshare === undefined || nsenter === undefined || setsid === undefined) return undefined;
  return { unshare, nsenter, setsid };
}

/** What stands before a command that is to run in a PID namespace of its own; see pid-namespace-program.ts. */
export function pidNamespaceWrapper(
  bash: string,
  programPath: string,
  slotName: string,
  { unshare, nsenter, setsid }: NamespaceTools,
): readonly string[] {
  return [bash, '--norc', '-p', '-c', '. "$0"', programPath, slotName, unshare, nsenter, setsid];
}

/** The exit of an attempt for which the tools are missing. */
export const noNamespaceTools: Exit = {
  kind: 'not-started',
  reason: 'usage',
  message: '"isolation: pid" needs unshare, nsenter and setsid (util-linux, Linux only)',
};
