/** Something that goes wrong with requests whose path contains `path`, for the first `times` of them. */
export type Fault = { readonly path: string; readonly times: number } & (
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number }
  /** The body breaks off in the middle. */
  | { readonly kind: 'truncated' }
  /** The body stops in the middle, and the connection stays open. */
  | { readonly kind: 'stalled' }
  /** 200, and a web page where a file should be. */
  | { readonly kind: 'web-page' }
);

/**
 * The first fault that is due for this path; it counts down in `faults`. A redirect has no body, so faults of bodies
 * apply to the file itself.
 */
export function takeFault(faults: Fault[], path: string): Fault | undefined {
  const isRedirect = path.startsWith('/nflverse/');
  const index = faults.findIndex(
    (fault) => fault.times > 0 && path.includes(fault.path) && (fault.kind === 'status' || !isRedirect),
  );
  const fault = faults[index];
  if (fault === undefined) return undefined;
  faults[index] = { ...fault, times: fault.times - 1 };
  return fault;
}

/** Parses a fault: `429:odds:3` answers the first three requests for odds with 429, `truncated:pbp`, `stalled:pbp`. */
export function parseFault(text: string): Fault | undefined {
  const [what = '', path = '', times = '1', retryAfter] = text.split(':');
  const base = { path, times: Number(times) };
  if (path === '' || !Number.isInteger(base.times)) return undefined;
  if (what === 'truncated' || what === 'stalled' || what === 'web-page') return { ...base, kind: what };
  if (!/^[345]\d\d$/.test(what)) return undefined;
  const wait = retryAfter === undefined ? {} : { retryAfter: Number(retryAfter) };
  return { ...base, kind: 'status', status: Number(what), ...wait };
}
