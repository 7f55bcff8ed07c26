import { expect, test } from 'vitest';
import { examineNode } from '../../../../src/cli/doctor/examine-node.ts';

test.each([
  ['20.19.0', 'ok'],
  ['22.1.0', 'ok'],
  ['20.18.3', 'problem'],
  ['18.20.1', 'problem'],
])('Node.js %s is %s', (version, state) => {
  expect(examineNode(version, '>=20.19', '0.1.0').state).toBe(state);
});
