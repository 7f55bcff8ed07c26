import { Text, Transform } from 'ink';
import { memo } from 'react';

/**
 * One row of exactly `width` columns, drawn unchanged. Ink lays out blanks instead: measuring and wrapping the real text
 * would take it longer than the rest of a frame.
 */
export const Line = memo(function Line({ text, width }: { readonly text: string; readonly width: number }) {
  return (
    <Transform transform={() => text}>
      <Text wrap="truncate">{' '.repeat(width)}</Text>
    </Transform>
  );
});
