import type { Facts } from '@wardline/model';
import type { DatagramDissector } from '../../dissector.ts';
import { factText, present } from '../../text/wire-text.ts';
import { MAX_VALUE } from './limits.ts';
import { readSsdp, type SsdpMessage, ssdpKind } from './message.ts';

type Device = { [K in keyof Facts['ssdp.device']]-?: Facts['ssdp.device'][K] | undefined };

/** SSDP of the UPnP Device Architecture: what devices announce and answer. Searches state nothing about a device. */
export const ssdp: DatagramDissector = {
  name: 'ssdp',
  cost: 5,
  firstBytes: [0x48, 0x4d, 0x4e],
  recognise: (payload) => ssdpKind(payload) !== null,
  serverSide(payload) {
    const kind = ssdpKind(payload);
    // An announcement goes to a group: its sender serves, but the receiver is no client.
    return kind === 'response' ? 'sender' : kind === 'search' ? 'receiver' : null;
  },
  onDatagram(payload, from, report) {
    const kind = ssdpKind(payload);
    if (kind === null) return;
    report.protection('clear');
    const facts = kind === 'search' ? {} : deviceFacts(readSsdp(payload, kind));
    if (Object.keys(facts).length > 0) report.sight('ssdp.device', from, facts);
  },
};

function deviceFacts({ kind, headers }: SsdpMessage): Facts['ssdp.device'] {
  const facts: Device = {
    server: headerText(headers.get('server')),
    type: headerText(headers.get(kind === 'notify' ? 'nt' : 'st')),
    usn: headerText(headers.get('usn')),
    location: origin(headers.get('location') ?? headers.get('al')),
  };
  return present(facts) as Facts['ssdp.device'];
}

function headerText(text: string | undefined): string | undefined {
  return text === undefined ? undefined : factText(text, MAX_VALUE);
}

/** Scheme, host and port; path, query and any user part stay behind. */
function origin(location: string | undefined): string | undefined {
  const match = /^(https?:\/\/)(?:[^/?#@]*@)?([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?(?=[/?#]|$)/i.exec(
    location ?? '',
  );
  return match === null ? undefined : `${match[1]}${match[2]}${match[3] ?? ''}`.toLowerCase();
}
