import type { Facts } from '@wardline/model';
import { Cursor } from '../../bytes/cursor.ts';
import { ipv4At } from '../../network/address.ts';
import { factText } from '../../text/wire-text.ts';
import { MAX_TEXT } from './limits.ts';
import type { Attributes } from './packet.ts';

/** RFC 2865 §5, RFC 2868 §3, RFC 2869 §5. */
export const types = {
  userName: 1,
  userPassword: 2,
  chapPassword: 3,
  nasIp: 4,
  nasPort: 5,
  framedIp: 8,
  calledStation: 30,
  callingStation: 31,
  nasIdentifier: 32,
  nasPortType: 61,
  eapMessage: 79,
  messageAuthenticator: 80,
  tunnelPrivateGroup: 81,
  nasPortId: 87,
};

/** RFC 2865 §5.41 */
const portTypes: Readonly<Record<number, string>> = { 5: 'virtual', 15: 'ethernet', 19: 'wireless' };

export function textOf(attributes: Attributes, type: number): string | undefined {
  const value = attributes.get(type);
  return value === undefined ? undefined : factText(value, MAX_TEXT);
}

export function addressOf(attributes: Attributes, type: number): string | undefined {
  const value = attributes.get(type);
  const ip = value?.length === 4 ? ipv4At(value, 0) : '0.0.0.0';
  // RFC 2865 §5.8: all ones and its neighbour ask for a choice and are nobody's address.
  return ip === '0.0.0.0' || ip.startsWith('255.255.255.') ? undefined : ip;
}

/** The name of the port, or its number. */
export function portOf(attributes: Attributes): string | undefined {
  return textOf(attributes, types.nasPortId) ?? number(attributes, types.nasPort)?.toString();
}

export function portTypeOf(attributes: Attributes): string | undefined {
  return portTypes[number(attributes, types.nasPortType) ?? -1];
}

function number(attributes: Attributes, type: number): number | undefined {
  const value = attributes.get(type);
  return value?.length === 4 ? new Cursor(value).u32() : undefined;
}

/** A station's hardware address in any of its usual spellings (RFC 3580 §3.21), with what may stand behind it left out. */
export function stationMac(attributes: Attributes, type: number): string | null {
  const text = textOf(attributes, type) ?? '';
  const match =
    /^(?:(?:[0-9a-f]{2}[-:]){5}[0-9a-f]{2}|(?:[0-9a-f]{4}[.-]){2}[0-9a-f]{4}|[0-9a-f]{12})(?![0-9a-f])/i.exec(
      text,
    );
  const digits = match?.[0].replaceAll(/[^0-9a-f]/gi, '').toLowerCase();
  return digits?.match(/../g)?.join(':') ?? null;
}

/** RFC 2868 §3.6: a tag of up to 0x1f may stand before the name; in 802.1X it is the VLAN (RFC 3580 §3.31). */
export function vlanOf(attributes: Attributes): string | undefined {
  const value = attributes.get(types.tunnelPrivateGroup);
  if (value === undefined) return undefined;
  return factText(value[0]! <= 0x1f ? value.subarray(1) : value, MAX_TEXT);
}

/** How the station proves itself: a user name that is its own hardware address is no proof (MAC authentication bypass). */
export function proofOf(attributes: Attributes): Facts['radius.station']['proof'] | undefined {
  if (attributes.has(types.eapMessage)) return 'eap';
  const station = stationMac(attributes, types.callingStation);
  if (station !== null && stationMac(attributes, types.userName) === station) return 'mac-address';
  if (attributes.has(types.userPassword)) return 'password';
  return attributes.has(types.chapPassword) ? 'chap' : undefined;
}
