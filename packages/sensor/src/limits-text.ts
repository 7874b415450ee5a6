import { defaultLimits, type SensorLimits } from './limits.ts';

const names = Object.keys(defaultLimits) as (keyof SensorLimits)[];

/**
 * Reads bounds as a person writes them: `connections=65536,streamBytes=16777216`. Units are those of
 * {@link SensorLimits}. What is wrong comes back as a sentence that names the place and what was expected.
 */
export function parseLimits(text: string): { limits: Partial<SensorLimits> } | { problem: string } {
  const limits: Partial<SensorLimits> = {};
  for (const entry of text.split(',').filter((part) => part.trim() !== '')) {
    const [given = '', value = ''] = entry.split('=').map((part) => part.trim());
    const name = names.find((known) => known === given);
    if (name === undefined) return { problem: `“${given}” is no bound; there are ${names.join(', ')}` };
    const number = Number(value);
    if (!/^\d+$/.test(value) || !Number.isSafeInteger(number) || number < 1)
      return { problem: `${name}=${value}: expected a whole number of 1 or more` };
    limits[name] = number;
  }
  return { limits };
}
