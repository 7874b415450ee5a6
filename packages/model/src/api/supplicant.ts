import { z } from 'zod';
import { instant, reasonBody } from './common.ts';

/** How near a device is to joining the network by its certificate (IEEE 802.1X, EAP-TLS). */
export const supplicantStates = [
  'in-use',
  'ready',
  'enrol',
  'other-method',
  'ask-maker',
  'cannot',
  'unknown',
] as const;
export type SupplicantState = (typeof supplicantStates)[number];

/** One piece of what is known, in words, and where it comes from. */
export const supplicantGroundSchema = z.object({
  kind: z.enum(['seen', 'stated', 'system', 'certificate']),
  text: z.string(),
  /** When it was seen last. */
  at: instant.nullable(),
});
export type SupplicantGround = z.infer<typeof supplicantGroundSchema>;

export const supplicantReadinessSchema = z.object({
  asset: z.string(),
  name: z.string(),
  classLabel: z.string(),
  criticality: z.string(),
  state: z.enum(supplicantStates),
  /** `required`: it was seen on a network that takes nothing else; null: not known. */
  managementFrames: z.literal('required').nullable(),
  grounds: z.array(supplicantGroundSchema),
  /** What to do about it, one sentence each. */
  todo: z.array(z.string()),
});
export type SupplicantReadiness = z.infer<typeof supplicantReadinessSchema>;

export const supplicantReadinessQuery = z.object({ state: z.enum(supplicantStates).optional() });
export const supplicantReadinessResponse = z.object({
  asOf: instant,
  counts: z.record(z.enum(supplicantStates), z.int()),
  items: z.array(supplicantReadinessSchema),
  /** True where further devices are not listed; they are counted. */
  more: z.boolean(),
});
export type SupplicantReadinessList = z.infer<typeof supplicantReadinessResponse>;

const host = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/,
    'expected a host name',
  );
const label = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\p{C}]+$/u, 'expected one line of text');

const common = { name: label, servers: z.array(host).min(1).max(8) };
export const supplicantNetworkBody = z.intersection(
  reasonBody,
  z.discriminatedUnion('medium', [
    z.object({
      ...common,
      medium: z.literal('wifi'),
      ssid: z
        .string()
        .min(1)
        .refine((name) => new TextEncoder().encode(name).length <= 32, 'expected at most 32 bytes'),
      isHidden: z.boolean().default(false),
      /** `required`: WPA3-Enterprise alone. */
      managementFrames: z.enum(['required', 'optional']).default('required'),
    }),
    z.object({ ...common, medium: z.literal('wired') }),
  ]),
);

export const supplicantNetworkSchema = z.object({
  id: z.string(),
  name: z.string(),
  medium: z.enum(['wifi', 'wired']),
  ssid: z.string().nullable(),
  isHidden: z.boolean(),
  managementFrames: z.enum(['required', 'optional']),
  /** `until`: how long the server's certificate holds that carries the name; null where no such certificate was issued. */
  servers: z.array(z.object({ name: z.string(), until: instant.nullable() })),
  addedBy: z.string(),
  added: instant,
});
export type SupplicantNetwork = z.infer<typeof supplicantNetworkSchema>;
export const supplicantNetworksResponse = z.object({ items: z.array(supplicantNetworkSchema) });
export const supplicantNetworkChanged = z.object({ id: z.string() });

export const supplicantFileFormats = ['wpa-supplicant', 'hostapd', 'apple', 'windows'] as const;
/** For one device, or for all of a zone. */
export const supplicantFileQuery = z
  .object({
    format: z.enum(supplicantFileFormats),
    asset: z.string().max(64).optional(),
    zone: z.string().max(64).optional(),
    /** Where certificate and key lie on the device. */
    folder: z
      .string()
      .regex(/^\/[A-Za-z0-9._/-]{1,200}$/, 'expected a path of plain letters')
      .default('/etc/wardline'),
  })
  .refine(({ asset, zone }) => (asset === undefined) !== (zone === undefined), 'name a device or a zone');
export const supplicantFileResponse = z.object({ name: z.string(), type: z.string(), text: z.string() });
