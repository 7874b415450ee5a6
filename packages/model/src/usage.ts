import { z } from 'zod';

/** What a device was doing, as far as its protocols show. `unknown`: nobody was listening, or nothing tells. */
export const usageStates = ['in-use', 'idle', 'off', 'unknown'] as const;
export type UsageState = (typeof usageStates)[number];

/** One hour of a device. */
export const usageHourSchema = z.strictObject({
  /** Start of the hour, µs since the epoch. */
  hour: z.int(),
  state: z.enum(usageStates),
  /** Which protocol told it, as `dicom`; null where none did. */
  because: z.string().max(40).nullable(),
});
export type UsageHour = z.infer<typeof usageHourSchema>;

/** A span of the week in which a device is seldom in use. Days from Monday (0); hours of the site's own time. */
export const safeWindowSchema = z.strictObject({
  day: z.int().min(0).max(6),
  fromHour: z.int().min(0).max(23),
  hours: z.int().min(1).max(24),
  /** Share of this span's hours, over all weeks seen, in which the device was in use; the upper end of a 95 % interval. */
  atMostInUse: z.number().min(0).max(1),
  /** Hours that this rests on. */
  observedHours: z.int().min(0),
  /** How many times the hour of it that was watched least was watched: as many weeks. */
  times: z.int().min(0),
  /** How many times the hour of it that was in use most was in use. */
  timesInUse: z.int().min(0),
});
export type SafeWindow = z.infer<typeof safeWindowSchema>;

/** How a device was used over a span of time. */
export const usageReportSchema = z.strictObject({
  device: z.string().max(128),
  from: z.int(),
  until: z.int(),
  hours: z.strictObject({
    'in-use': z.int(),
    idle: z.int(),
    off: z.int(),
    unknown: z.int(),
  }),
  /** In use, of the hours that are known; null where none is. */
  utilisation: z.number().min(0).max(1).nullable(),
  /** Per hour of the week (168, from Monday 0:00 site time): share in use of the hours known; null where none is known. */
  week: z.array(z.number().min(0).max(1).nullable()).length(168),
  safeWindows: z.array(safeWindowSchema),
  lastInUse: z.int().nullable(),
});
export type UsageReport = z.infer<typeof usageReportSchema>;
