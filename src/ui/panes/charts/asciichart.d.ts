declare module 'asciichart' {
  export function plot(
    series: readonly number[],
    options: {
      readonly min: number;
      readonly max: number;
      readonly height: number;
      readonly offset: number;
      readonly format: (value: number, row: number) => string;
      readonly symbols: readonly string[];
    },
  ): string;
}
