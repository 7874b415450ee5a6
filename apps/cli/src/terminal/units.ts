/** "1,234". */
export function integer(value: number): string {
  return value.toLocaleString('en-US');
}

/** "1.2 GB", in powers of ten as network people count. */
export function byteSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** "1 device", "3 devices". */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${integer(count)} ${count === 1 ? singular : plural}`;
}

/** "2026-03-01 14:05" of an RFC 3339 time. */
export function minute(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}
