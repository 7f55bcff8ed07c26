/**
 * The value of a decimal number as one text, the same for `1.50`, `+1.5` and `15e-1`, whatever its length: a double keeps
 * 15 to 17 digits only. Undefined when the text is no decimal number.
 */
export function exactDecimal(text: string): string | undefined {
  const parts = /^\s*([-+]?)(\d*)\.?(\d*)(?:[eE]([-+]?\d+))?\s*$/.exec(text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts ?? [];
  if (whole === '' && fraction === '') return undefined;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - significant.length);
  return `${sign === '-' ? '-' : ''}${significant}e${power}`;
}

/** The number that the text stands for, or the text itself where a double would be another value or none. */
export function numberOrText(text: string): number | string {
  const exact = exactDecimal(text);
  const number = Number(text);
  return exact !== undefined && exact === exactDecimal(String(number)) ? number : text;
}
