import { Text, Transform } from 'ink';
import { memo } from 'react';

/**
 * One row of exactly `width` columns, drawn as it is. Ink sees blanks and lays those out; measuring and wrapping the real
 * text, with its colours and signs, takes it longer than all the rest of a frame.
 */
export const Line = memo(function Line({ text, width }: { readonly text: string; readonly width: number }) {
  return (
    <Transform transform={() => text}>
      <Text wrap="truncate">{' '.repeat(width)}</Text>
    </Transform>
  );
});
