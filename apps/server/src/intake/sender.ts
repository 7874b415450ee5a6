import type { SensorBatch } from '@wardline/model';
import type { Principal } from '../domains/access/index.ts';
import { FIRST_SITE } from './accept.ts';

/** Where a sensor stands: at the site that its role is bound to, or at the first one where it is bound to none. */
export function siteOf({ grants }: Principal): number {
  return grants.find(({ role }) => role === 'sensor')?.sites?.[0] ?? FIRST_SITE;
}

/** A sensor's credential is bound to its name: one that was taken over can't speak for another. */
export function mayHandOver(actor: string, { sensor }: Pick<SensorBatch, 'sensor'>): boolean {
  return !actor.startsWith('sensor:') || actor === `sensor:${sensor}`;
}
