import { compare, type FieldComparison } from './comparison.ts';
import { allIn, type PacketTree, valuesIn } from './packet-tree.ts';

const smb2Dialects: Readonly<Record<number, string>> = {
  514: 'SMB 2.0.2',
  528: 'SMB 2.1',
  768: 'SMB 3.0',
  770: 'SMB 3.0.2',
  785: 'SMB 3.1.1',
};
/** Registration and refresh (RFC 1002 §4.2.1.1). */
const claims = new Set(['5', '8', '9']);

/** What hosts say of themselves when they share files, log on, and are administered. */
export const hosts: FieldComparison[] = [
  compare({
    protocol: 'nbns',
    filter: 'nbns || nbdgm',
    kind: 'nbns.name',
    name: 'name',
    fields: 'nbns.name, nbdgm.source_name',
    theirs: ownNames,
  }),
  compare({
    protocol: 'mdns',
    filter: 'mdns',
    kind: 'mdns.service',
    name: 'service',
    fields: 'dns.resp.name',
    // Of all addresses that a message announces: which of them is not compared.
    about: () => '',
    subject: () => '',
    theirs: offeredServices,
  }),
  compare({
    protocol: 'dns',
    filter: 'dns.ptr.domain_name && !mdns && !llmnr',
    kind: 'dns.name',
    name: 'name',
    fields: 'dns.ptr.domain_name',
    only: ({ type }) => type === 'PTR',
    about: (packet) => addressIn(packet.first('dns.qry.name') ?? ''),
    theirs: (packet) => (isAddressAnswer(packet) ? packet.values('dns.ptr.domain_name').slice(0, 1) : []),
  }),
  compare({
    protocol: 'smb',
    filter: 'smb2.cmd == 0 && smb2.flags.response == 1',
    kind: 'smb.host',
    name: 'dialect',
    fields: 'smb2.dialect',
    only: ({ role, dialect }) => role === 'server' && /^SMB [23]/.test(dialect ?? ''),
    theirs: (packet) =>
      packet.has('smb2.flags.response', '1') || packet.has('smb2.flags.response', 'True')
        ? packet.values('smb2.dialect').map((dialect) => smb2Dialects[Number(dialect)] ?? '')
        : [],
  }),
  ...(['hostname', 'domain'] as const).map((name) =>
    compare({
      protocol: 'smb',
      filter: 'ntlmssp.challenge.target_info && (smb || smb2)',
      kind: 'smb.host',
      name,
      fields: `ntlmssp.challenge.target_info.dns_${name === 'domain' ? 'domain' : 'computer'}_name`,
      only: ({ role }) => role === 'server',
      theirs: (packet) => challenged(packet, name === 'domain' ? 'domain' : 'computer'),
    }),
  ),
  compare({
    protocol: 'ssh',
    filter: 'ssh.host_key.type',
    kind: 'ssh.hostkey',
    name: 'algorithm',
    fields: 'ssh.host_key.type',
  }),
  compare({
    protocol: 'kerberos',
    filter: 'kerberos',
    kind: 'kerberos.client',
    name: 'realm',
    fields: 'kerberos.realm (requests)',
    theirs: (packet) =>
      packet.all('kerberos.req_body_element').flatMap((body) => valuesIn(body, 'kerberos.realm').slice(0, 1)),
  }),
  compare({
    protocol: 'vnc',
    filter: 'vnc.server_proto_ver',
    kind: 'vnc.server',
    name: 'version',
    fields: 'vnc.server_proto_ver',
    theirs: (packet) =>
      packet.values('vnc.server_proto_ver').map((text) => text.split('.').map(Number).join('.')),
  }),
  compare({
    protocol: 'radius',
    filter: 'radius.NAS_IP_Address',
    kind: 'radius.client',
    name: 'nasAddress',
    fields: 'radius.NAS_IP_Address',
    theirs: (packet) => (packet.has('radius.code', '1') ? packet.values('radius.NAS_IP_Address') : []),
  }),
];

/** Names with their kind in brackets, of a registration, a node's status, a datagram; user names (03) stay out. */
function ownNames(packet: PacketTree): string[] {
  const response = packet.first('nbns.flags.response') === '1';
  const claimed = claims.has(packet.first('nbns.flags.opcode') ?? '') && !response;
  const names = [
    ...(claimed ? packet.values('nbns.name').slice(0, 1) : []),
    ...(response ? packet.values('nbns.netbios_name') : []),
    ...packet.values('nbdgm.source_name'),
  ];
  return names.filter((name) => !/<03>|^[<*]/.test(name)).map((name) => name.split('<')[0]!);
}

function offeredServices(packet: PacketTree): string[] {
  if (!packet.has('dns.flags.response', '1')) return [];
  const names = packet.values('dns.resp.name').filter((name) => !name.startsWith('_services.'));
  return names.flatMap((name) => /(?:^|\.)(_[^.]+\._(?:tcp|udp))\.local$/.exec(name)?.[1] ?? []);
}

/** The name in DNS where there is one, else that of NetBIOS. */
function challenged(packet: PacketTree, what: 'computer' | 'domain'): string[] {
  return packet.fields
    .flatMap((layer) => allIn(layer, 'ntlmssp.challenge.target_info'))
    .flatMap((info) => {
      const [dns] = valuesIn(info, `ntlmssp.challenge.target_info.dns_${what}_name`);
      const [netbios] = valuesIn(info, `ntlmssp.challenge.target_info.nb_${what}_name`);
      return dns || netbios || [];
    });
}

function isAddressAnswer(packet: PacketTree): boolean {
  const isDns = packet.fields.some(({ name }) => name === 'dns') && packet.has('dns.flags.response', '1');
  return isDns && packet.first('dns.qry.name')?.endsWith('.in-addr.arpa') === true;
}

/** `4.3.2.1.in-addr.arpa` */
function addressIn(name: string): string {
  return name.replace('.in-addr.arpa', '').split('.').toReversed().join('.');
}
