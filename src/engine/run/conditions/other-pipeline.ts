import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { PipelineSpec } from '../../model/pipeline/pipeline.ts';
import { includeReader, usualPlaces } from '../../pipeline/find-pipeline.ts';
import { readPipeline } from '../../spec/read-pipeline.ts';

/** A pipeline whose runs others wait for. */
export type OtherPipeline = {
  readonly spec: PipelineSpec;
  /** Absolute: its runs are stored below. */
  readonly projectDir: string;
};

/**
 * Reads a pipeline by its file or the directory of its project, absolute. Undefined when there is none, or what is there is
 * no pipeline. Never rejects.
 */
export async function readOtherPipeline(path: string): Promise<OtherPipeline | undefined> {
  for (const file of [path, ...usualPlaces.map((place) => join(path, place))]) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const { partial } = readPipeline(text, basename(file), includeReader(dirname(file)));
    return partial === undefined ? undefined : { spec: partial.spec, projectDir: projectOf(file) };
  }
  return undefined;
}

/** The project of a pipeline file: that in which it is at one of the usual places, else its directory. */
function projectOf(file: string): string {
  const place = usualPlaces.find((one) => file.endsWith(`/${one}`));
  return place === undefined ? dirname(file) : file.slice(0, -place.length - 1);
}
