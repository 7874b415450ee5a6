/**
 * Statements that fill an empty database with a hospital of so many assets in the shape of the sample: one endpoint each,
 * about five conversations with servers of the house, a finding for every fourth, and no register. Rows are made by the
 * database itself, for intake and identification of so many is measured elsewhere.
 */
export function scaleStatements(assets: number): string[] {
  return [
    endpoints(assets),
    inventory(assets),
    conversations(assets),
    findings(),
    counts(),
    'vacuum analyze',
  ];
}

const AT = Date.UTC(2026, 10, 2, 8) * 1000;
const hex = (shift: number) => `lpad(to_hex((n >> ${shift}) & 255), 2, '0')`;
const mac = `'00:1b:d3:' || ${hex(16)} || ':' || ${hex(8)} || ':' || ${hex(0)}`;
const ip = `'10.' || (n >> 16) || '.' || ((n >> 8) & 255) || '.' || (n & 255)`;
const vlan = '10 + n % 40';
const pick = (values: readonly string[], by: string) =>
  `(array[${values.map((value) => `'${value}'`).join(', ')}])[1 + (${by}) % ${values.length}]`;

function endpoints(assets: number): string {
  return `insert into endpoint (key, mac, ip, vlan, silent, first_seen, last_seen, seen_revision, asset_id)
    select ${mac} || '|' || ${ip} || '|' || (${vlan}), ${mac}, ${ip}, ${vlan}, false, ${AT} + n, ${AT} + n * 1000, 1, 'a' || n
    from generate_series(1, ${assets}) as n`;
}

function inventory(assets: number): string {
  const classes = [
    'infusion-pump',
    'patient-monitor',
    'ct-scanner',
    'workstation',
    'ip-phone',
    'printer',
    '',
  ];
  const groups = ['therapy', 'monitoring', 'imaging', 'it', 'communication', 'it', 'unknown'];
  const vendors = ['Alaris', 'Mindray', 'Siemens', 'Dell', 'Cisco', 'HP', ''];
  const weights = ['high', 'life-critical', 'high', 'low', 'low', 'low', 'unknown'];
  return `insert into asset (id, document, slim, name, vendor, model, serial, software, os, class, class_label, grp, criticality,
      criticality_rank, data_sensitivity, confidence, conflicting, macs, ips, hostnames, vlans, applications, protections,
      location, services, peers, first_seen, last_seen, search)
    select 'a' || n, '{}', '{}', ${pick(vendors, 'n')} || ' ward ' || n % 300 || ' ' || n, ${pick(vendors, 'n')},
      'Model ' || n % 200, 'S' || n, 'v' || n % 30, '', ${pick(classes, 'n')}, ${pick(classes, 'n')},
      ${pick(groups, 'n')}, ${pick(weights, 'n')}, n % 5, 'unknown', (n % 100) / 100.0, n % 50 = 0,
      array[${mac}], array[${ip}], array['host-' || n], array[${vlan}], array['dicom', 'http'], array['clear', 'tls1.2'],
      'Ward ' || n % 300, n % 7, n % 11, ${AT} + n, ${AT} + n * 1000,
      lower(${pick(vendors, 'n')} || ' ward ' || n % 300 || ' ' || n || ' host-' || n || ' ' || ${mac} || ' ' || ${ip})
    from generate_series(1, ${assets}) as n`;
}

function conversations(assets: number): string {
  return `insert into conversation (client_id, server_id, transport, server_port, application, protection, basis, first_seen,
      last_seen, packets_from_client, packets_from_server, bytes_from_client, bytes_from_server, opened, established,
      refused, unanswered, closed, reset, facts, capture, packet)
    select n, 1 + (n * 7 + k * 131) % least(500, ${assets}), 'tcp', 1000 + k, ${pick(['dicom', 'hl7', 'http', 'tls', ''], 'n + k')},
      ${pick(['clear', 'tls1.2', 'tls1.3', 'unknown'], 'n + k')}, 'syn', ${AT} + n, ${AT} + n * 1000 + k, 10, 7, n * 100, k * 700,
      1, 1, 0, 0, 1, 0, '{}', 'scale.pcap', n
    from generate_series(1, ${assets}) as n, generate_series(1, 5) as k`;
}

function findings(): string {
  return `insert into finding (id, scope, rule, title, severity, severity_rank, harms, asset_id, summary, remedy, first_seen,
      last_seen, count, evidence, opened_at)
    select 'f' || e.id, 'asset', ${pick(['clear-dicom', 'old-tls', 'telnet'], 'e.id::int')}, 'A made-up finding',
      ${pick(['critical', 'high', 'medium', 'low'], '(e.id / 4)::int')}, (e.id / 4) % 4, array['privacy'], e.asset_id,
      'Made up', 'Nothing to do', e.first_seen, e.last_seen, 1, '[]', e.first_seen
    from endpoint e where e.id % 4 = 0`;
}

function counts(): string {
  return `update asset a set findings = jsonb_build_object(f.severity, 1), rules = array[f.rule],
      severities = array[f.severity], risk = (array[10000, 1000, 100, 10])[f.severity_rank + 1]
    from finding f where f.asset_id = a.id`;
}
