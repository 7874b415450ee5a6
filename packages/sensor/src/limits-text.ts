import { defaultLimits, type SensorLimits } from './limits.ts';
import { LEAST_MEMORY, limitsWithin } from './memory.ts';

const names = Object.keys(defaultLimits) as (keyof SensorLimits)[];

/**
 * Reads bounds as a person writes them: `connections=65536,streamBytes=16777216`, or one for all, `memory=268435456`
 * (bytes of the whole process), which those that are named beside it correct. Units are those of
 * {@link SensorLimits}. What is wrong comes back as a sentence that names the place and what was expected.
 */
export function parseLimits(text: string): { limits: Partial<SensorLimits> } | { problem: string } {
  const limits: Partial<SensorLimits> = {};
  let memory: number | null = null;
  for (const entry of text.split(',').filter((part) => part.trim() !== '')) {
    const [given = '', value = ''] = entry.split('=').map((part) => part.trim());
    const name = given === 'memory' ? given : names.find((known) => known === given);
    if (name === undefined)
      return { problem: `“${given}” is no bound; there are ${names.join(', ')}, memory` };
    const number = Number(value);
    if (!/^\d+$/.test(value) || !Number.isSafeInteger(number) || number < 1)
      return { problem: `${name}=${value}: expected a whole number of 1 or more` };
    if (name !== 'memory') limits[name] = number;
    else if (number < LEAST_MEMORY)
      return { problem: `memory=${value}: expected ${LEAST_MEMORY} bytes or more` };
    else memory = number;
  }
  return { limits: memory === null ? limits : { ...limitsWithin(memory), ...limits } };
}
