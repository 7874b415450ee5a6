import type { Facts } from '@wardline/model';
import { commandOf } from '../detect/commands.ts';
import type { Told } from '../engine/scene.ts';

/** What a sighting adds to the commands and roles that are normal for its subject. */
export function commandsOf(told: Told): string[] {
  const { sighting } = told;
  if (sighting.kind === 'dns.server') return ['dns.server'];
  if (sighting.kind === 'dhcp.server') return ['rogue-dhcp'];
  if (sighting.kind === 'ndp.router') return ['rogue-router'];
  const network = networkOf(told);
  if (network !== null) return [`network:${network}`];
  if (sighting.kind === 'http.client') return [`agent:${(sighting.facts as Facts['http.client']).userAgent}`];
  if (sighting.kind === 'credential.cleartext') return defaultOf(sighting.facts as Facts['credential.cleartext']);
  const command = commandOf(told);
  if (command === null) return [];
  const { protocol, access, word } = command;
  const words = protocol === 'hl7' ? word.split(' ') : [word];
  return [`${protocol}=${access}`, ...words.map((single) => `${protocol}:${single}`)];
}

/** The name of the wireless network that an access point offers; null where it is none, or hides it. */
export function networkOf({ sighting }: Told): string | null {
  if (sighting.kind !== 'wifi.network') return null;
  return (sighting.facts as Facts['wifi.network']).ssid ?? null;
}

function defaultOf({ knownDefault, protocol }: Facts['credential.cleartext']): string[] {
  return knownDefault === undefined ? [] : [`default:${protocol}`];
}
