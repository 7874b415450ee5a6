import { z } from 'zod';

/** Bounds of an IEEE 802.1Q VLAN identifier. */
const VLAN_MAX = 4094;

export const macSchema = z.string().regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/);
/** IPv4 dotted or IPv6 in RFC 5952 form, as the sensor's own formatter writes it. */
export const ipSchema = z
  .string()
  .min(2)
  .max(45)
  .regex(/^[0-9a-f.:]+$/);
export const vlanSchema = z.int().min(0).max(VLAN_MAX);

/**
 * One combination of addresses exactly as it was seen on the wire. The MAC address is that of the frame, so behind
 * a router it is the router's: whose endpoint it is, only identification says.
 */
export const endpointSchema = z.object({
  mac: macSchema.nullable(),
  ip: ipSchema.nullable(),
  vlan: vlanSchema.nullable(),
});
export type Endpoint = z.infer<typeof endpointSchema>;

/** A text that two endpoints share exactly when they are the same. */
export function endpointKey(endpoint: Endpoint): string {
  return `${endpoint.mac ?? '-'}|${endpoint.ip ?? '-'}|${endpoint.vlan ?? '-'}`;
}

/** The inverse of {@link endpointKey}. */
export function parseEndpointKey(key: string): Endpoint {
  const [mac = '-', ip = '-', vlan = '-'] = key.split('|');
  return {
    mac: mac === '-' ? null : mac,
    ip: ip === '-' ? null : ip,
    vlan: vlan === '-' ? null : Number(vlan),
  };
}
