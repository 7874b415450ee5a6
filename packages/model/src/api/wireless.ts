import { z } from 'zod';
import { instant, reasonBody } from './common.ts';

/** A hardware address, or its beginning and `*`: every radio of one access point. */
export const bssidPattern = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$|^([0-9a-f]{2}:){1,5}[0-9a-f]?\*$/,
    'expected a hardware address as 00:1a:2b:3c:4d:5e or 00:1a:2b:3c:4d:*',
  );
/** IEEE 802.11 §9.4.2.2: at most 32 bytes. */
const ssid = z
  .string()
  .min(1)
  .refine((name) => new TextEncoder().encode(name).length <= 32, 'expected at most 32 bytes');

export const accessPointSchema = z.object({
  id: z.string(),
  site: z.int(),
  ssid: z.string(),
  bssid: z.string(),
  addedBy: z.string(),
  added: instant,
});
export type AccessPoint = z.infer<typeof accessPointSchema>;
export const accessPointsResponse = z.object({ items: z.array(accessPointSchema) });

export const accessPointsBody = reasonBody.extend({
  site: z.int().min(1).default(1),
  items: z
    .array(z.object({ ssid, bssid: bssidPattern }))
    .min(1)
    .max(5000),
});
export const accessPointsRemovalBody = reasonBody.extend({ ids: z.array(z.uuid()).min(1).max(5000) });

/** A network as it was heard in the air, from one radio. */
export const heardNetworkSchema = z.object({
  site: z.int(),
  bssid: z.string(),
  /** Null where it is withheld. */
  ssid: z.string().nullable(),
  security: z.string(),
  managementFrames: z.string(),
  channel: z.int().nullable(),
  /** The asset that the radio belongs to. */
  asset: z.string(),
  assetName: z.string(),
  /** Devices that were heard with it. */
  clients: z.int(),
  /** Null where the site keeps no list. */
  approved: z.boolean().nullable(),
  firstSeen: instant,
  lastSeen: instant,
});
export type HeardNetwork = z.infer<typeof heardNetworkSchema>;
export const heardNetworksResponse = z.object({ items: z.array(heardNetworkSchema), more: z.boolean() });
