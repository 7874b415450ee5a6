/** The shared data, for tests; it is absent where the repository stands alone. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));

export const hasSharedData = existsSync(folder);

/** Paths below the folder, sorted. */
export const sharedFiles = (pattern: string): string[] => globSync(pattern, { cwd: folder }).sort();

export const sharedText = (path: string): string => readFileSync(folder + path, 'utf8');
