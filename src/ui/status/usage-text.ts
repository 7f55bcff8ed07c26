/** Busy cores in at most four columns: `0.03`, `1.25`, `12.5`, `128`. */
export function coresText(cores: number): string {
  if (!Number.isFinite(cores)) return '-';
  const used = Math.max(0, cores);
  return used < 9.995 ? used.toFixed(2) : used < 99.95 ? used.toFixed(1) : String(Math.round(used));
}

/** Bytes in at most five columns: `940K`, `64M`, `1.3G`. */
export function bytesText(bytes: number): string {
  if (!Number.isFinite(bytes)) return '-';
  let size = Math.max(0, bytes) / 1024;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit > 1 && size < 99.95 ? size.toFixed(1) : Math.round(size)}${units[unit]}`;
}

const units = ['K', 'M', 'G', 'T', 'P'] as const;
