import { ipSchema, macSchema, vlanSchema } from '@wardline/model';
import { z } from 'zod';

const text = z.string().nullable();

/** One device of the ward as it was laid, to hold against what observation finds. */
export const truthAssetSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  hostname: z.string(),
  macs: z.array(macSchema),
  ips: z.array(ipSchema).min(1),
  /** When it held its address: the recording moves one from a laptop to another. */
  addressHeld: z.enum(['throughout', 'until the release', 'after the release']),
  vlans: z.array(vlanSchema),
  /** It stands behind a router: only its IP address is seen. */
  routed: z.boolean(),
  class: z.string(),
  vendor: text,
  model: text,
  serial: text,
  software: text,
  services: z.array(
    z.strictObject({ transport: z.enum(['tcp', 'udp']), port: z.int(), application: z.string() }),
  ),
  /** Kinds of credentials that passed in clear, never the credentials. */
  credentials: z.array(z.string()),
  /** Finding rules of the knowledge that ought to fire. */
  findings: z.array(z.string()),
  /** Asset tag in the register; null: a shadow device. */
  registered: text,
});

export const groundTruthSchema = z.strictObject({
  version: z.literal(1),
  capture: z.string(),
  assets: z.array(truthAssetSchema),
  register: z.strictObject({
    shadow: z.array(z.string()),
    missing: z.array(z.string()),
    conflicting: z.array(z.strictObject({ asset: z.string(), tag: z.string(), fields: z.array(z.string()) })),
  }),
  moved: z.array(z.strictObject({ ip: ipSchema, from: z.string(), to: z.string() })),
});
