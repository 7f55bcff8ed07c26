import { test } from 'vitest';
import { createScreenStack } from '../../../../src/ui/store/screen-stack.ts';
import { fakeRunSource, until } from '../support/watched-run.ts';

test('a message that comes when the screen has been left is not shown, and nothing fails', async () => {
  const run = fakeRunSource();
  const nothing = () => {};
  const host = { leave: nothing, copy: nothing, page: nothing, suspend: nothing, repaint: nothing, setMouse: nothing };
  const measure = { lengthOf: () => 0, topOf: () => 0 };
  const stack = createScreenStack(run.source, () => host, measure, { columns: 80, rows: 24 });
  stack.showMessage('watching 1 input');
  await until(() => stack.frame().screen.message?.text === 'watching 1 input');
  stack.close();
  stack.showMessage('count.csv has changed');
  run.close();
});
