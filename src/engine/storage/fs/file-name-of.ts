/**
 * A task's name as the name of a directory. The names that a pipeline allows stay as they are; any other is spelled so
 * that it cannot lead out of the directory it belongs in.
 */
export function fileNameOf(task: string): string {
  return task.replace(
    /^\.|[^A-Za-z0-9_.-]/gu,
    (character) => `%${character.codePointAt(0)!.toString(16).padStart(2, '0')}`,
  );
}
