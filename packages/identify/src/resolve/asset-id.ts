import { isUnspecified } from '../addresses.ts';
import type { Node } from './node.ts';

/**
 * The id of a device: its first network card (assigned addresses before local ones), else its first IP address. Where a
 * person split what shares that address, the next address is added.
 */
export function assetId(group: readonly Node[], macs: readonly string[], taken: Set<string>): string {
  const [mac] = macs;
  const ips = group.flatMap((node) => node.endpoint.ip ?? []).filter((ip) => !isUnspecified(ip));
  const ip = ips.length > 0 ? `ip-${ips[0]!.replaceAll(':', '-')}` : null;
  const vlan = group[0]?.endpoint.vlan;
  const stem = mac !== undefined ? `mac-${mac.replaceAll(':', '')}` : (ip ?? 'endpoint');
  const candidates = [stem, `${stem}-${ip ?? 'other'}`, `${stem}-${ip ?? 'other'}-vlan-${vlan ?? 'none'}`];
  let id = candidates.find((candidate) => !taken.has(candidate));
  for (let number = 2; id === undefined; number += 1) {
    if (!taken.has(`${candidates[2]}-${number}`)) id = `${candidates[2]}-${number}`;
  }
  taken.add(id);
  return id;
}
