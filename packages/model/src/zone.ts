import { z } from 'zod';

/** A part of the hospital within which a role may hold, told by what the inventory knows of an asset. */
export type RoleZone =
  | { kind: 'vlan'; vlan: number }
  | { kind: 'net'; net: string }
  | { kind: 'department'; department: string }
  | { kind: 'group'; group: string }
  /** Of the policy in force. */
  | { kind: 'zone'; zone: string };

/** Highest VLAN identifier (IEEE 802.1Q §9.6); 0 is traffic with a priority tag only. */
const VLAN_MOST = 4094;
const isNet = (text: string): boolean => z.union([z.cidrv4(), z.cidrv6()]).safeParse(text).success;

/** `vlan:20`, `net:10.20.0.0/16`, `department:Radiology`, `group:imaging`, `zone:pumps`; null where it is none of these. */
export function readZone(text: string): RoleZone | null {
  const [, kind, value = ''] = /^(vlan|net|department|group|zone):(\S(?:.*\S)?)$/.exec(text) ?? [];
  if (kind === 'vlan')
    return /^\d{1,4}$/.test(value) && Number(value) <= VLAN_MOST ? { kind, vlan: Number(value) } : null;
  if (kind === 'net') return isNet(value) ? { kind, net: value } : null;
  if (kind === 'department') return { kind, department: value };
  if (kind === 'zone') return { kind, zone: value };
  return kind === 'group' && /^[a-z][a-z0-9-]*$/.test(value) ? { kind, group: value } : null;
}

/** A zone as a person gives it. One that nobody can read would be a role that holds nowhere, unnoticed. */
export const zoneSchema = z
  .string()
  .min(1)
  .max(80)
  .refine(
    (text) => readZone(text) !== null,
    'must be a VLAN, a network, a department, a group or a zone of the policy: vlan:20, net:10.20.0.0/16, department:Radiology, group:imaging, zone:pumps',
  );
