import type { ResourceSample } from '../model/run/resource-sample.ts';
import { procText } from './proc-text.ts';

/** Reads the share of time in which something waited for a resource; undefined where the kernel does not measure that. */
export function readPressure(proc: string): ResourceSample['pressure'] {
  const [cpu, memory, io] = ['cpu', 'memory', 'io'].map((name) => someWaited(procText(`${proc}/pressure/${name}`)));
  if (cpu === undefined && memory === undefined && io === undefined) return undefined;
  return {
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
    ...(io === undefined ? {} : { io }),
  };
}

/** From `some avg10=12.34 …`, in percent. */
function someWaited(text: string | undefined): number | undefined {
  const percent = /^some avg10=([\d.]+)/m.exec(text ?? '')?.[1];
  return percent === undefined ? undefined : Math.round(Number(percent) * 100) / 10_000;
}
