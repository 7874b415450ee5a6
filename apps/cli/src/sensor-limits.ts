import { parseLimits, type SensorLimits } from '@wardline/sensor';
import { CommandError } from './exit-codes.ts';

/** The option by which a person changes the sensor's bounds. */
export const limitsOption = [
  '--limits <name=number,…>',
  "the sensor's bounds, as connections=65536 (else WARDLINE_SENSOR_LIMITS); see docs/guides/limits.md",
] as const;

/** @throws CommandError that says which bound is wrong and what was expected */
export function givenLimits(option: string | undefined): Partial<SensorLimits> {
  const variable = process.env.WARDLINE_SENSOR_LIMITS;
  const parsed = parseLimits(option ?? variable ?? '');
  if ('limits' in parsed) return parsed.limits;
  throw new CommandError(
    `${option === undefined ? 'WARDLINE_SENSOR_LIMITS' : '--limits'}: ${parsed.problem}`,
  );
}
