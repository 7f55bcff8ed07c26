import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('every diagnostic code is documented with its meaning, an example and what to do', () => {
  const source = readFileSync('src/engine/model/diagnostic.ts', 'utf8');
  const union = /export type DiagnosticCode =([^;]+);/.exec(source)![1]!;
  const codes = [...union.matchAll(/'([a-z]+\/[a-z-]+)'/g)].map(([, code]) => code!);
  expect(codes.length).toBeGreaterThan(30);

  const sections = readFileSync('docs/diagnostics.md', 'utf8')
    .split(/^#{2,3} /m)
    .filter((text) => /^\w+\//.test(text));
  const documented = sections.map((section) => section.split('\n')[0]!);
  expect(documented.toSorted()).toEqual(codes.toSorted());
  for (const section of sections) expect(section).toMatch(/^\S+\n\S.*\nExample: .+\nWhat to do: .+\n/);
});
