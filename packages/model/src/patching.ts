import { z } from 'zod';
import { isTimeZone } from './time.ts';

const zoneNames = z.string().max(60).refine(isTimeZone, 'expected a time zone as "Europe/Berlin"');

/** A span of each week in which a device may be taken out of use. Days from Monday (0); hours of the zone's own time. */
export const weeklyWindowSchema = z.object({
  day: z.int().min(0).max(6),
  fromHour: z.int().min(0).max(23),
  hours: z.int().min(1).max(24),
  timeZone: zoneNames,
});
export type WeeklyWindow = z.infer<typeof weeklyWindowSchema>;

/** What a maintenance window is said of; the nearest counts: the asset's own before its class's before everybody's. */
export const windowHolders = ['asset', 'class', 'all'] as const;
export type WindowHolder = (typeof windowHolders)[number];

/** What is to be done: install what the vendor has, do what it advises instead, replace the product, or ask. */
export const patchActions = ['update', 'compensate', 'replace', 'ask'] as const;
export type PatchAction = (typeof patchActions)[number];
