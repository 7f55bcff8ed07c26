import type { Severity } from '../../display/states/severity.ts';

/** The colours of a node by the severity of its state: dark text on a light ground, readable when it is printed. */
export const nodeColours: Readonly<Record<Severity, { readonly fill: string; readonly line: string }>> = {
  success: { fill: '#d9f2dd', line: '#2e7d32' },
  running: { fill: '#d6eef8', line: '#0277a8' },
  warning: { fill: '#fdf1cf', line: '#a86c00' },
  failure: { fill: '#fbdcdc', line: '#c62828' },
  wrongData: { fill: '#f3dcf5', line: '#8e24aa' },
  muted: { fill: '#f2f2f2', line: '#8a8a8a' },
  plain: { fill: '#ffffff', line: '#444444' },
};
