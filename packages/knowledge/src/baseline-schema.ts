import { z } from 'zod';

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/);
const label = z.string().min(1).max(120);

/** What an interface opens, by which baselines forbid it. */
export const interfaceKinds = [
  'debug',
  'clear-login',
  'file-sharing',
  'remote-screen',
  'database',
  'management',
  'legacy',
] as const;
export type InterfaceKind = (typeof interfaceKinds)[number];

export const riskyInterfaceSchema = z.strictObject({
  id,
  label,
  kind: z.enum(interfaceKinds),
  /** As the sensor and scanners name it. */
  names: z.array(z.string().min(1).max(40)).min(1),
  /** Where it usually is, as `tcp/23`. */
  ports: z.array(z.string().regex(/^(tcp|udp)\/[1-9]\d{0,4}$/)),
  /** The rest of a sentence that begins with what it is. */
  why: z.string().min(5).max(300),
});
export type RiskyInterface = z.infer<typeof riskyInterfaceSchema>;

export const baselineSchema = z.strictObject({
  id,
  label,
  /** It is for these classes, and for the classes of these groups that no other baseline names. */
  classes: z.array(id).default([]),
  groups: z.array(id).default([]),
  forbids: z.array(z.enum(interfaceKinds)).min(1),
  /** Drives must not be plugged in. */
  media: z.boolean(),
});
export type Baseline = z.infer<typeof baselineSchema>;

export const baselinesFileSchema = z.strictObject({
  source: z.string().min(3),
  licence: z.string().min(2),
  interfaces: z.array(riskyInterfaceSchema).default([]),
  baselines: z.array(baselineSchema).default([]),
});
export type BaselinesFile = z.infer<typeof baselinesFileSchema>;
