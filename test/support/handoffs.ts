import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { projectRoot } from './project-root.ts';

export type ReadHandoff = { readonly file: string; readonly text: string; readonly document: Record<string, unknown> };

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, formats: { 'date-time': true } });

/** Fails unless the document is valid for the schema of its type in docs. */
export function expectValid(document: Record<string, unknown>): void {
  const id = String(document['handoff']);
  const file = join(projectRoot, 'docs/handoffs', `${id}.schema.json`);
  const accepts = ajv.getSchema(id) ?? ajv.addSchema(JSON.parse(readFileSync(file, 'utf8')), id).getSchema(id)!;
  expect([accepts(document), accepts.errors]).toEqual([true, null]);
}

/** The hand-offs of a project by name, each valid for its schema. */
export function readHandoffs(project: string, state: 'active' | 'done' = 'active', directory = 'handoffs') {
  const path = join(project, directory, state);
  const names = existsSync(path) ? readdirSync(path).sort() : [];
  return names.map((name): ReadHandoff => {
    const text = readFileSync(join(path, name), 'utf8');
    const document = parse(text) as Record<string, unknown>;
    expectValid(document);
    return { file: join(path, name), text, document };
  });
}
