import { resolve } from 'node:path';
import { findPipeline } from '../../../engine/index.ts';
import { actingCommand, type PartialCall } from '../read-call.ts';

/** The pipeline that the call names so far, or that is found from here. */
export function pipelineOf({ command, words, values }: PartialCall, cwd: string): ReturnType<typeof findPipeline> {
  const at = actingCommand(command).registeredArguments.findIndex((argument) => argument.name() === 'PIPELINE');
  return findPipeline(at === -1 ? values.get('--pipeline')?.at(-1) : words[at], cwd);
}

/** Where the option of the call says, else `usual` in the project. */
export function directoryOf(call: PartialCall, option: string, usual: string, cwd: string): string {
  const named = call.values.get(option)?.at(-1);
  if (named !== undefined) return resolve(cwd, named);
  const found = pipelineOf(call, cwd);
  return resolve(found.ok ? found.value.projectDir : cwd, usual);
}
