import type { Facts } from '@wardline/model';
import type { DatagramDissector, Reporter, Side } from '../../dissector.ts';
import { factText, present, wireText } from '../../text/wire-text.ts';
import { MAX_ITEMS, MAX_TEXT } from './limits.ts';
import { type Described, isDiscovery, readDiscovery } from './message.ts';
import { readScopes } from './scopes.ts';

/**
 * WS-Discovery: what medical devices (IEEE 11073 SDC), cameras (ONVIF), printers and computers announce and answer.
 * Searches state nothing about a device.
 */
export const wsd: DatagramDissector = {
  name: 'wsd',
  cost: 8,
  firstBytes: [0x3c, 0xef, 0x0d, 0x0a, 0x20],
  recognise: isDiscovery,
  serverSide(payload) {
    const kind = readDiscovery(wireText(payload))?.kind;
    if (kind === 'ProbeMatches' || kind === 'ResolveMatches') return 'sender';
    return kind === 'Probe' || kind === 'Resolve' ? 'receiver' : null;
  },
  onDatagram(payload, from, report) {
    report.protection('clear');
    const message = readDiscovery(wireText(payload));
    if (message === null) report.malformed('wsd-message');
    for (const device of message?.devices ?? []) state(device, from, report);
  },
};

function state(device: Described, from: Side, report: Reporter): void {
  const scopes = readScopes(device.scopes);
  const facts = present<Facts['wsd.device']>({
    types: texts(device.types),
    scopes: scopes.shown.length === 0 ? undefined : scopes.shown,
    endpointReference: factText(device.address, MAX_TEXT),
    xaddrs: texts(device.xaddrs.flatMap((address) => origin(address) ?? [])),
    name: scopes.name,
    hardware: scopes.hardware,
    location: scopes.location,
  });
  if (Object.keys(facts).length > 0) report.sight('wsd.device', from, facts);
  for (const patient of scopes.patients) report.phi('wsd', 'patient context', from, patient);
}

function texts(items: readonly string[]): string[] | undefined {
  const kept = [...new Set(items)].slice(0, MAX_ITEMS).flatMap((item) => factText(item, MAX_TEXT) ?? []);
  return kept.length === 0 ? undefined : kept;
}

/** Scheme, host and port; path, query and any user part stay behind. */
function origin(address: string): string | undefined {
  const match =
    /^(https?:\/\/)(?:[^/?#@]{0,128}@)?([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.%]{2,64}\])(:\d{1,5})?(?=[/?#]|$)/i.exec(
      address,
    );
  return match === null ? undefined : `${match[1]}${match[2]}${match[3] ?? ''}`.toLowerCase();
}
