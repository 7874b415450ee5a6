import { describe, expect, it } from 'vitest';
import type { PolicyAsset } from '../resolve.ts';
import { checkNetwork } from './check-network.ts';

const core = `hostname core
interface Vlan10
 ip address 10.10.0.1 255.255.255.0
 ip access-group TO-ICU out
!
interface Vlan20
 ip address 10.20.0.1 255.255.0.0
!
interface Vlan30
 ip address 10.30.0.1 255.255.255.0
 ip access-group FROM-GUEST in
 ip access-group NOWHERE out
!
ip access-list extended TO-ICU
 permit tcp 10.20.0.0 0.0.255.255 10.10.0.0 0.0.0.255 eq 443
 permit tcp any any eq telnet
 deny tcp any host 10.10.0.5 eq 23
 permit tcp host 10.20.0.7 10.10.0.0 0.0.0.255 eq 443
 permit udp any any eq snmp time-range NIGHT
 permit udp any host 10.10.0.5 eq snmp
 deny ip any any log
ip access-list extended FROM-GUEST
 deny tcp any any eq 443
 permit ip any any
ip access-list standard SNMP
 permit 10.1.1.1
`;

const gateway = `table inet filter {
  chain forward {
    type filter hook forward priority 0; policy accept;
    ip saddr 10.0.0.0/8 tcp dport 22 accept
    ip saddr 10.1.0.0/16 tcp dport 22 drop
    tcp dport 3389 accept
  }
}
`;

const firewall = `set address pacs ip-netmask 10.20.30.5
set address-group imaging static [ pacs ]
set service dicom protocol tcp port 104,11112
set rulebase security rules old from any to any source any destination any application any service any action deny
set rulebase security rules old disabled yes
set rulebase security rules "to pacs" from [ clinical admin ] to imaging source any destination imaging application any service dicom action allow
set rulebase security rules again from clinical to imaging source 10.10.0.0/24 destination pacs application any service dicom action allow
set rulebase security rules web from clinical to internet source any destination any application ssl service application-default action allow
`;

const device = (name: string, ip: string, criticality: string, of: string): PolicyAsset => ({
  id: name,
  name,
  ips: [ip],
  attributes: { class: [of], criticality: [criticality] },
});

function found(text: string, name = 'a.cfg', assets: readonly PolicyAsset[] = []) {
  const { findings } = checkNetwork([{ name, text }], assets);
  return findings.map(({ code, severity, line }) => `${severity} ${code} ${line}`).toSorted();
}

describe('a network of today', () => {
  it('is told apart by its text, and what is not known is not passed over', () => {
    const check = checkNetwork(
      [
        { name: 'core', text: core },
        { name: 'gateway', text: gateway },
        { name: 'firewall', text: firewall },
        { name: 'letter', text: 'Dear colleague' },
      ],
      [],
    );
    expect(check.files.map(({ kind }) => kind)).toEqual(['cisco-ios', 'nftables', 'palo-alto', null]);
    expect(check.findings.find(({ file }) => file === 'letter')?.code).toBe('refused');
  });

  it('of a switch: idle lines, open services, segments without a list, lists that are nowhere or nobody has', () => {
    expect(found(core)).toEqual(
      [
        'high service-open 16',
        'medium never-decides 17',
        'low never-decides 18',
        'note not-modelled 19',
        'medium service-open 19',
        // The one before it holds only at night: it decides, and is open.
        'high service-open 20',
        'high everything-open 24',
        'medium flat 6',
        'medium flat 6',
        'high list-missing 12',
        'note list-not-bound 26',
      ].toSorted(),
    );
  });

  it('of an ASA: lists bound by the names of interfaces, and a global one that decides what they leave open', () => {
    const asa = (groups: string) => `interface GigabitEthernet0/0
 nameif clinical
 ip address 10.10.0.1 255.255.255.0
interface GigabitEthernet0/1
 nameif office
 ip address 10.20.0.1 255.255.255.0
access-list OFFICE extended permit tcp 10.20.0.0 255.255.255.0 host 10.10.0.5 eq 443
access-list ALL extended permit tcp any host 10.10.0.5 eq 104
${groups}`;
    const bound = 'access-group OFFICE in interface office\naccess-group ALL global\n';
    const findings = (groups: string) => found(asa(groups), 'asa.cfg');
    expect(findings('')).toEqual(expect.arrayContaining(['note list-not-bound 7', 'note list-not-bound 8']));
    expect(findings('').some((one) => one.includes(' flat '))).toBe(true);
    expect(findings(bound).filter((one) => /not-bound|flat|missing/.test(one))).toEqual([]);
    const gone = findings('access-group GONE in interface office\n');
    expect(gone.filter((one) => one.includes('missing'))).toEqual(['high list-missing 9']);
    const pump = device('pump', '10.10.0.5', 'life-critical', 'infusion-pump');
    const reached = (groups: string) =>
      checkNetwork([{ name: 'asa.cfg', text: asa(groups) }], [pump]).reach.map(({ services }) =>
        services.join(' '),
      );
    const ports = (groups: string, port: number) => reached(groups).some((one) => one.includes(`${port}`));
    expect([ports(bound, 104), ports(bound, 443)]).toEqual([true, true]);
    const only = 'access-group OFFICE in interface office\naccess-group OFFICE in interface clinical\n';
    expect([ports(only, 104), ports(only, 443)]).toEqual([false, true]);
  });

  it('of a gateway: what passes by default, and what an earlier line lets through', () => {
    expect(found(gateway, 'gw.nft')).toEqual(
      ['high everything-open 6', 'medium never-decides 5', 'medium service-open 6'].toSorted(),
    );
    expect(found('table ip nat {\n}\n')).toEqual(['high flat null']);
  });

  it('of a firewall: rules that never decide between their zones, applications that only the firewall knows', () => {
    expect(found(firewall, 'fw.set')).toEqual(
      [
        'high service-open 6',
        'low never-decides 7',
        'medium everything-open 8',
        'note not-modelled 8',
        'low everything-open null',
      ].toSorted(),
    );
  });

  it('tells what reaches a life-critical device, by which interfaces and line, and who shares its segment', () => {
    const assets = [
      device('ventilator', '10.10.0.5', 'life-critical', 'ventilator'),
      device('clerk', '10.10.0.9', 'low', 'workstation'),
      device('elsewhere', '192.0.2.1', 'life-critical', 'ventilator'),
    ];
    const { reach, findings } = checkNetwork([{ name: 'core', text: core }], assets);
    expect(reach.map(({ name, through, services, line }) => [name, through, services, line])).toEqual([
      ['ventilator', 'Vlan20 → Vlan10', ['tcp 23, 443', 'udp 161'], 16],
      ['ventilator', 'Vlan30 → Vlan10', ['tcp 23', 'udp 161'], 24],
    ]);
    expect(findings.find(({ code }) => code === 'mixed-segment')?.message).toBe(
      'Vlan10: 1 life-critical (ventilator) share the segment 10.10.0.0/24 with 1 others (workstation)',
    );
  });

  it('refuses a line that it cannot read, and checks the other lists', () => {
    const text = core.replace('permit tcp any any eq telnet', 'permit tcp any any eq nonsense');
    expect(found(text)).toContain('high refused 16');
    expect(found(text)).toContain('high everything-open 24');
    expect(found(text)).not.toContain('medium never-decides 17');
  });
});
