import { expect, it } from 'vitest';
import { withDeadline } from '../../../../src/engine/platform/with-deadline.ts';

const never = new Promise<string>(() => undefined);

it('returns the result of the work', async () => {
  await expect(withDeadline(Promise.resolve('done'), 60_000, () => 'late')).resolves.toBe('done');
  await expect(withDeadline(Promise.reject(new Error('broken')), 60_000, () => 'late')).rejects.toThrow('broken');
});

it('continues without work that never ends', async () => {
  await expect(withDeadline(never, 1, () => 'late')).resolves.toBe('late');
  await expect(
    withDeadline(never, 1, () => {
      throw new Error('too late');
    }),
  ).rejects.toThrow('too late');
});

it('ignores a failure that comes after the deadline', async () => {
  let fail: (error: Error) => void = () => undefined;
  const work = new Promise<string>((_, reject) => {
    fail = reject;
  });
  await expect(withDeadline(work, 1, () => 'late')).resolves.toBe('late');
  fail(new Error('nobody listens'));
  await new Promise((resolve) => setImmediate(resolve));
});
