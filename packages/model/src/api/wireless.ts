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
  /** Key management as it was announced: psk, sae, 802.1x … */
  authentication: z.array(z.string()),
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

/** A device that advertises itself by Bluetooth Low Energy. */
export const bluetoothDeviceSchema = z.object({
  site: z.int(),
  address: z.string(),
  /** An address given by its maker, or one that it made up and keeps. */
  addressKind: z.enum(['public', 'static']),
  /** Services of care, by name. */
  services: z.array(z.string()),
  /** Others, by their numbers. */
  otherServices: z.array(z.string()),
  appearance: z.string().nullable(),
  company: z.string().nullable(),
  /** Told of devices of care only: others are called after people. */
  name: z.string().nullable(),
  asset: z.string(),
  assetName: z.string(),
  firstSeen: instant,
  lastSeen: instant,
});
export type BluetoothDevice = z.infer<typeof bluetoothDeviceSchema>;
export const bluetoothDevicesResponse = z.object({
  items: z.array(bluetoothDeviceSchema),
  more: z.boolean(),
});

export const nfcAnswers = ['met', 'not-met', 'not-applicable'] as const;
export const nfcChecklistResponse = z.object({
  asOf: instant,
  site: z.int(),
  title: z.string(),
  items: z.array(
    z.object({
      id: z.string(),
      question: z.string(),
      look: z.string(),
      why: z.string(),
      answer: z.enum([...nfcAnswers, 'unknown']),
      /** It was answered more than a year ago, and counts no more. */
      isOld: z.boolean(),
      note: z.string().nullable(),
      at: instant.nullable(),
      by: z.string().nullable(),
    }),
  ),
});
export type NfcChecklist = z.infer<typeof nfcChecklistResponse>;
export const nfcAnswerBody = reasonBody.extend({
  site: z.int().min(1).default(1),
  item: z.string().min(1).max(40),
  answer: z.enum(nfcAnswers),
});
