import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { promisify } from 'node:util';
import { type SensorBatch, type Sighting, sensorBatchSchema } from '@wardline/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  SCAN_ATTRIBUTES,
  SCAN_CPES,
  SCAN_DEPTH,
  SCAN_PORTS,
  SCAN_SOFTWARE,
  SCAN_TOKEN_CHARS,
} from '../limits.ts';
import { openSensorLog } from '../sensor-logs/open.ts';
import { readSensorLog, type SensorLogSummary, sniffSensorLog } from '../sensor-logs/read.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

interface Read {
  sightings: Sighting[];
  summary: SensorLogSummary;
}

async function read(text: string, size = 65_536): Promise<Read> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const all = bytes(text);
    for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
  }
  const { format, source } = await openSensorLog(chunks());
  const redactor = { mark: () => 'h', knownDefault: () => null };
  const run = readSensorLog(source, format ?? 'nmap', { file: 's.xml', sensor: 's', stream: 't', redactor });
  const batches: SensorBatch[] = [];
  let step = await run.next();
  for (; step.done !== true; step = await run.next()) batches.push(step.value);
  for (const batch of batches) sensorBatchSchema.parse(batch);
  return { sightings: batches.flatMap(({ sightings }) => sightings), summary: step.value };
}

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE nmaprun>\n<!-- Nmap 7.93 scan -->\n';
const nmap = (hosts: string, head = HEAD) =>
  `${head}<nmaprun scanner="nmap" start="1772323200" version="7.93">\n${hosts}\n</nmaprun>\n`;
const host = (inner: string, up = 'state="up" reason="arp-response"') =>
  `<host starttime="1772323200" endtime="1772323260"><status ${up}/>
<address addr="10.0.0.2" addrtype="ipv4"/><address addr="02:00:00:00:00:0A" addrtype="mac" vendor="X"/>
${inner}</host>`;
const port = (id: number, inner: string, state = 'open') =>
  `<port protocol="tcp" portid="${id}"><state state="${state}" reason="syn-ack"/>${inner}</port>`;
const SSH = port(
  22,
  '<service name="ssh" product="OpenSSH" version="7.4" method="probed" conf="10"><cpe>cpe:/a:openbsd:openssh:7.4</cpe></service>',
);
const WARD = nmap(
  host(`<hostnames><hostname name="pump-7.ward" type="PTR"/><hostname name="asked.for" type="user"/></hostnames>
<ports>${SSH}
${port(80, '<service name="http" method="table" conf="3"/><script id="http-default-accounts" output="[Pump] at /&#xa;  admin:secret1"/>')}
${port(443, '<service name="http" product="A &amp; B" tunnel="ssl" method="probed"/>')}
${port(23, '<service name="telnet" method="table"/>', 'closed')}
<port protocol="udp" portid="161"><state state="open|filtered"/><service name="snmp"/></port></ports>
<os><osmatch name="Linux 3.2 - 4.9" accuracy="96" line="1"><osclass vendor="Linux"><cpe>cpe:/o:linux:linux_kernel:4</cpe></osclass></osmatch>
<osmatch name="Other" accuracy="90"/></os>`),
);
const item = (attributes: string, inner = '') => `<ReportItem ${attributes}>${inner}</ReportItem>`;
const NESSUS = `<?xml version="1.0" ?>
<NessusClientData_v2><Policy><Preferences><preference><name>x</name><value>secret1</value></preference></Preferences></Policy>
<Report name="ward"><ReportHost name="pump-7"><HostProperties>
<tag name="HOST_END">Sun Mar  1 00:01:00 2026</tag><tag name="host-ip">10.0.0.2</tag>
<tag name="mac-address">02:00:00:00:00:0A</tag><tag name="operating-system">Microsoft Windows 7</tag>
<tag name="cpe-1">cpe:/a:openbsd:openssh:7.4 -&gt; OpenBSD OpenSSH</tag><tag name="netbios-name">PUMP-7</tag></HostProperties>
${item('port="0" svc_name="general" protocol="tcp" severity="0" pluginID="35730" pluginName="Microsoft Windows USB Device Usage Report" pluginFamily="Windows"')}
${item('port="8080" svc_name="http-alt?" protocol="tcp" severity="0" pluginID="11219" pluginName="Nessus SYN scanner" pluginFamily="Port scanners"')}
${item('port="8080" svc_name="www" protocol="tcp" severity="0" pluginID="22964" pluginName="Service Detection" pluginFamily="Service detection"')}
${item('port="21" svc_name="ftp" protocol="tcp" severity="2" pluginID="10079" pluginName="Anonymous FTP Enabled" pluginFamily="FTP"', '<plugin_output>secret1</plugin_output><cpe>cpe:/a:ftp:ftp</cpe>')}
${item('port="22" svc_name="ssh" protocol="tcp" severity="4" pluginID="11255" pluginName="Default Password (password) for root" pluginFamily="Default Unix Accounts"')}
${item('port="0" svc_name="general" protocol="tcp" severity="0" pluginID="110723" pluginName="No default accounts" pluginFamily="Settings"')}
</ReportHost></Report></NessusClientData_v2>
`;
const facts = ({ sightings }: Read) =>
  sightings.map(({ kind, service, facts: said }) => [kind, service?.port ?? null, said]);

describe('Nmap', () => {
  it('says what was open, by what it was recognised, and who answered', async () => {
    const scanner = 'Nmap 7.93';
    const found = await read(WARD);
    expect(facts(found)).toEqual([
      ['scan.host', null, { scanner, hostname: 'pump-7.ward', os: 'Linux 3.2 - 4.9', accuracy: 96 }],
      [
        'scan.service',
        22,
        {
          scanner,
          basis: 'answer',
          name: 'ssh',
          product: 'OpenSSH',
          version: '7.4',
          cpes: ['cpe:/a:openbsd:openssh:7.4'],
        },
      ],
      ['scan.service', 80, { scanner, basis: 'port', name: 'http' }],
      ['scan.service', 443, { scanner, basis: 'answer', name: 'http', product: 'A & B', encrypted: true }],
      ['scan.software', null, { scanner, cpe: 'cpe:/a:openbsd:openssh:7.4' }],
      ['scan.credential', 80, { scanner, check: 'http-default-accounts', way: 'default' }],
    ]);
    expect(found.sightings[1]).toMatchObject({
      subject: { mac: '02:00:00:00:00:0a', ip: '10.0.0.2', vlan: null },
      firstSeen: 1_772_323_260_000_000,
      evidence: { capture: 's.xml', packet: 8 },
    });
    expect(found.summary).toMatchObject({ format: 'Nmap XML', errors: [] });
  });

  it('takes no host for up because it was told to, and none without an address or a time', async () => {
    expect((await read(nmap(host('', 'state="up" reason="user-set"')))).sightings).toEqual([]);
    const placeless = await read(
      nmap('<host endtime="1772323260"><status state="up" reason="echo-reply"/></host>'),
    );
    expect(placeless.sightings).toEqual([]);
    expect(placeless.summary.errors).toMatchObject([
      { record: 5, message: expect.stringContaining('address') },
    ]);
  });
});

it('reads Nessus reports: services, software, ways in, drives', async () => {
  const scanner = 'Nessus';
  const found = await read(NESSUS);
  expect(facts(found)).toEqual([
    ['scan.host', null, { scanner, hostname: 'PUMP-7', os: 'Microsoft Windows 7' }],
    ['scan.service', 8080, { scanner, basis: 'answer', name: 'http' }],
    ['scan.service', 21, { scanner, basis: 'answer', name: 'ftp' }],
    ['scan.service', 22, { scanner, basis: 'answer', name: 'ssh' }],
    ['scan.software', null, { scanner, cpe: 'cpe:/a:openbsd:openssh:7.4' }],
    ['scan.software', null, { scanner, cpe: 'cpe:/a:ftp:ftp' }],
    ['scan.credential', 21, { scanner, check: '10079 Anonymous FTP Enabled', way: 'anonymous' }],
    ['scan.credential', 22, { scanner, check: '11255 Default Password (password) for root', way: 'default' }],
    ['scan.media', null, { scanner, check: '35730 Microsoft Windows USB Device Usage Report' }],
  ]);
  expect(found.sightings[0]?.firstSeen).toBe(1_772_323_260_000_000);
});

const hasNmap = ['/usr/bin/nmap', '/usr/local/bin/nmap'].some((path) => existsSync(path));

it.runIf(hasNmap)('reads what the real Nmap writes of a real service', async () => {
  const service = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('SSH-2.0-OpenSSH_7.4\r\n');
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const { port: number } = service.address() as AddressInfo;
  const options = [
    '-n',
    '-Pn',
    '-sT',
    '-sV',
    '--version-light',
    '-p',
    String(number),
    '-oX',
    '-',
    '127.0.0.1',
  ];
  const { stdout } = await promisify(execFile)('nmap', options);
  service.close();
  const found = await read(stdout);
  expect(found.summary.errors).toEqual([]);
  expect(facts(found)).toEqual([
    ['scan.host', null, { scanner: expect.stringMatching(/^Nmap \d/) }],
    [
      'scan.service',
      number,
      expect.objectContaining({ basis: 'answer', name: 'ssh', product: 'OpenSSH', version: '7.4' }),
    ],
    ['scan.software', null, expect.objectContaining({ cpe: 'cpe:/a:openbsd:openssh:7.4' })],
  ]);
});

describe('hostile files', () => {
  it.each([
    ['an entity of its own', '<!DOCTYPE nmaprun [<!ENTITY a "x">]>', 'document type'],
    ['entities in entities', '<!DOCTYPE nmaprun [<!ENTITY a "xx"><!ENTITY b "&a;&a;">]>', 'document type'],
    ['a file of the server', '<!DOCTYPE nmaprun SYSTEM "file:///etc/passwd">', 'document type'],
    [
      'a file of the network',
      '<!DOCTYPE nmaprun PUBLIC "-//X//EN" "http://10.0.0.1/x.dtd">',
      'document type',
    ],
    ['an entity that nobody declared', '<!DOCTYPE nmaprun><nmaprun>&a;', 'undefined entity'],
  ])('bring nothing in by %s', async (_name, head, fault) => {
    const { sightings, summary } = await read(nmap(host(`<ports>${SSH}</ports>`), head));
    expect(sightings).toEqual([]);
    expect(summary.errors).toMatchObject([{ record: 1, message: expect.stringContaining(fault) }]);
  });

  it('are read up to their bounds, and no further', async () => {
    const ports = (count: number) =>
      nmap(
        host(`<ports>${Array.from({ length: count }, (_, index) => port(index + 1, '')).join('')}</ports>`),
      );
    expect((await read(ports(SCAN_PORTS))).sightings.length).toBe(SCAN_PORTS + 1);
    expect((await read(ports(SCAN_PORTS + 1))).sightings.length).toBe(SCAN_PORTS + 1);
    const cpes = (count: number) =>
      Array.from({ length: count }, (_, at) => `<cpe>cpe:/a:x:y${at}</cpe>`).join('');
    const many = await read(
      nmap(host(`<ports>${port(1, `<service name="x">${cpes(SCAN_SOFTWARE + 1)}</service>`)}</ports>`)),
    );
    expect(many.sightings.filter(({ kind }) => kind === 'scan.software').length).toBe(SCAN_SOFTWARE);
    expect(many.sightings[1]?.facts).toMatchObject({ cpes: { length: SCAN_CPES } });
    const faults = async (inner: string) =>
      (await read(nmap(inner))).summary.errors.map(({ message }) => message);
    const deep = (levels: number) => faults(`${'<a>'.repeat(levels)}${'</a>'.repeat(levels)}`);
    expect([await deep(SCAN_DEPTH - 1), (await deep(SCAN_DEPTH))[0]]).toEqual([
      [],
      expect.stringContaining('deeper'),
    ]);
    const wide = (count: number) =>
      faults(`<a ${Array.from({ length: count }, (_, at) => `a${at}="1"`).join(' ')}/>`);
    expect([await wide(SCAN_ATTRIBUTES), (await wide(SCAN_ATTRIBUTES + 1))[0]]).toEqual([
      [],
      expect.stringContaining('attributes'),
    ]);
    const long = (length: number) => faults(`<a b="${'x'.repeat(length)}"/>`);
    expect([await long(SCAN_TOKEN_CHARS - 100_000), (await long(SCAN_TOKEN_CHARS + 100_000))[0]]).toEqual([
      [],
      expect.stringContaining('longer'),
    ]);
  });

  it('cut off at any place give the hosts before that, and say where', async () => {
    const two = nmap(
      `${host(`<ports>${SSH}</ports>`)}\n${host(`<ports>${SSH}</ports>`).replace('10.0.0.2', '10.0.0.3')}`,
    );
    const whole = await read(two);
    const first = two.indexOf('</host>') + 7;
    for (const text of [two, NESSUS])
      for (let end = 1; end < text.length - 1; end += 1) {
        const { sightings, summary } = await read(text.slice(0, end), 4096);
        expect(summary.errors.length).toBe(1);
        if (text === two && end < first) expect(sightings).toEqual([]);
        if (text === two && end >= first) expect(sightings.slice(0, 2)).toEqual(whole.sightings.slice(0, 2));
      }
  });

  it('say nothing else however they are cut into chunks, and never what a check printed', async () => {
    for (const text of [WARD, NESSUS]) {
      const whole = await read(text);
      for (const size of [1, 7, 100]) expect(await read(text, size)).toEqual(whole);
      expect(JSON.stringify(whole)).not.toContain('secret1');
    }
  });

  it('never throw', async () => {
    const part = fc.constantFrom(
      '<host>',
      '</host>',
      '<ports>',
      '<port protocol="tcp" portid="1">',
      '</port>',
      '<',
      '&',
      '"',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(part, fc.string()), { maxLength: 20 }), async (parts) => {
        await read(nmap(parts.join('')));
        await read(NESSUS.slice(0, 300) + parts.join(''));
      }),
      { numRuns: 60 },
    );
    expect(sniffSensorLog(bytes('<html><nmaprun>'))).toBeNull();
  });
});
