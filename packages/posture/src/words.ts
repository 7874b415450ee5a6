import { NAMES_IN_SENTENCE } from './limits.ts';

/** "1 password", "3 passwords". */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? singular : plural}`;
}

/** "A", "A and B", "A, B and C", "A, B, C and 4 more". */
export function listed(names: readonly string[], most = NAMES_IN_SENTENCE): string {
  const shown = names.slice(0, most);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more.toLocaleString('en-US')} more`;
  if (shown.length < 2) return shown[0] ?? 'nobody';
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** "once", "twice", "12 times". */
export function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count.toLocaleString('en-US')} times`;
}
