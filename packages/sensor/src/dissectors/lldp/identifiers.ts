import { ipv4At, ipv6At, macAt } from '../../network/address.ts';
import { factText } from '../../text/wire-text.ts';
import { MAX_STRING } from './limits.ts';

/** IEEE 802.1AB tables 8-2 and 8-3: the subtype numbers that hold addresses differ between chassis and port. */
const chassisSubtypes = { mac: 4, network: 5 };
const portSubtypes = { mac: 3, network: 4 };

export function chassisId(value: Uint8Array): string | undefined {
  return identifier(value, chassisSubtypes);
}

export function portId(value: Uint8Array): string | undefined {
  return identifier(value, portSubtypes);
}

/** A management address TLV (§8.5.9) begins with the length of subtype and address. */
export function managementAddress(value: Uint8Array): string | undefined {
  const length = value[0] ?? 0;
  return length < 2 || value.length < 1 + length ? undefined : networkAddress(value.subarray(1, 1 + length));
}

function identifier(value: Uint8Array, subtypes: { mac: number; network: number }): string | undefined {
  if (value.length < 2) return undefined;
  const rest = value.subarray(1);
  if (value[0] === subtypes.mac) return rest.length === 6 ? macAt(rest, 0) : undefined;
  if (value[0] === subtypes.network) return networkAddress(rest);
  return factText(rest, MAX_STRING);
}

/** IANA address family number, then the address: 1 is IPv4, 2 is IPv6, 6 is a MAC address. */
function networkAddress(value: Uint8Array): string | undefined {
  const [family] = value;
  if (family === 1 && value.length === 5) return ipv4At(value, 1);
  if (family === 2 && value.length === 17) return ipv6At(value, 1);
  if (family === 6 && value.length === 7) return macAt(value, 1);
  return undefined;
}
