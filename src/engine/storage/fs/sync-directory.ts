import { open } from 'node:fs/promises';

/** Makes the names in a directory durable: a file that is safe on the disk is lost with its name. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } catch (error) {
    // Some file systems cannot, and keep names safe in their own way.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  } finally {
    await directory.close();
  }
}
