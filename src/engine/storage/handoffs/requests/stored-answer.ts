import { handoffPath, readText } from '../handoff-files.ts';
import type { DocumentFields } from '../handoff-yaml.ts';
import { readYaml } from '../handoff-yaml.ts';

/** A hand-off by its name, active or done; undefined when there is none, or none that can be read. */
export async function readStoredHandoff(
  directory: string,
  name: string,
): Promise<{ readonly path: string; readonly document: DocumentFields } | undefined> {
  for (const state of ['active', 'done'] as const) {
    const path = handoffPath(directory, state, name);
    const text = await readText(path);
    const document = text.ok ? readYaml(text.value) : undefined;
    if (document?.ok) return { path, document: document.value };
  }
  return undefined;
}
