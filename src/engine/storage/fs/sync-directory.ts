import { open } from 'node:fs/promises';

/** Makes the names in a directory durable: without its name a durable file is lost. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } catch (error) {
    // Some file systems do not support it, and make names durable by themselves.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  } finally {
    await directory.close();
  }
}
