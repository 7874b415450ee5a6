/**
 * Converts Recog's banner fingerprints (XML, BSD-2-Clause) to Wardline's rules. Patterns that JavaScript does not take,
 * that backtrack, or that miss their own examples are left out and counted.
 * Usage: node packages/knowledge/tools/recog.ts FOLDER
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { patternFault, TEXT_LENGTH } from '../src/regex-safety.ts';

const COMMIT = '14fa1a7211e7fb5707c7a1b421a07d6c2cf4eec5';
const EXAMPLES = 2;
/** Below, Recog's own authors are unsure. */
const SURE = 0.75;

interface Family {
  input: string;
  kind: string;
  fact: string;
  group: string;
  serverOnly?: boolean;
  /** What the sensor's fact has before Recog's text. */
  prefix?: string;
}

const FAMILIES: readonly Family[] = [
  {
    input: 'ssh_banners',
    kind: 'ssh.software',
    fact: 'banner',
    group: 'ssh',
    serverOnly: true,
    prefix: '(?:SSH-[0-9.]{3,4}-)?',
  },
  { input: 'http_servers', kind: 'http.server', fact: 'server', group: 'http-server' },
  { input: 'snmp_sysdescr', kind: 'snmp.system', fact: 'sysDescr', group: 'snmp-sysdescr' },
  { input: 'ftp_banners', kind: 'ftp.server', fact: 'banner', group: 'ftp', prefix: '(?:220[ -])?' },
  { input: 'telnet_banners', kind: 'telnet.server', fact: 'banner', group: 'telnet' },
  { input: 'dhcp_vendor_class', kind: 'dhcp.client', fact: 'vendorClass', group: 'dhcp' },
  { input: 'mdns_device-info_txt', kind: 'mdns.service', fact: 'txt', group: 'mdns' },
  { input: 'smb_native_os', kind: 'smb.host', fact: 'os', group: 'smb' },
  { input: 'x509_subjects', kind: 'tls.certificate', fact: 'subject', group: 'certificate' },
];

const DEVICE_CLASS: Readonly<Record<string, string>> = {
  Printer: 'printer',
  'Multifunction Device': 'printer',
  'Print Server': 'printer',
  Copier: 'printer',
  Scanner: 'printer',
  'Network Scanner': 'printer',
  Switch: 'switch',
  Hub: 'switch',
  Router: 'router',
  'Broadband Router': 'router',
  'Cable Modem': 'router',
  'DSL Modem': 'router',
  'ADSL Modem': 'router',
  'ADSL Router': 'router',
  'DOCSIS Cable Modem': 'router',
  WAP: 'access-point',
  'Wireless Controller': 'access-point',
  Firewall: 'firewall',
  VPN: 'firewall',
  'Security Appliance': 'firewall',
  IPS: 'firewall',
  'Load Balancer': 'load-balancer',
  Laptop: 'workstation',
  Desktop: 'workstation',
  'Thin Client': 'thin-client',
  Tablet: 'mobile',
  'Mobile Phone': 'mobile',
  VoIP: 'voip-phone',
  'VoIP Gateway': 'voip-phone',
  'VoIP Server': 'voip-phone',
  'Video Conferencing': 'video-conference',
  'Lights Out Management': 'management-controller',
  'Onboard Administrator': 'management-controller',
  'Management Processor': 'management-controller',
  KVM: 'management-controller',
  'Device Server': 'device-server',
  'USB Server': 'device-server',
  'Remote Terminal': 'device-server',
  Storage: 'file-server',
  NAS: 'file-server',
  'Tape Library': 'file-server',
  'IP Camera': 'camera',
  'Web Cam': 'camera',
  DVR: 'camera',
  'Video Encoder': 'camera',
  'Power Device': 'ups-pdu',
  UPS: 'ups-pdu',
  PDU: 'ups-pdu',
  'Media Server': 'media-device',
  'Media Player': 'media-device',
  'Smart TV': 'media-device',
  IPTV: 'media-device',
  'AV Receiver': 'media-device',
  'Display Controller': 'media-device',
  'Network Audio': 'media-device',
  'Wireless Presenter': 'media-device',
  Hypervisor: 'hypervisor',
  'Building Automation': 'building-controller',
  PLC: 'building-controller',
  'HMI Controller': 'building-controller',
  'Industrial Control': 'building-controller',
  'Access Control': 'access-control',
  'Light Bulb': 'iot-consumer',
};

interface Source {
  pattern: string;
  params: { pos: number; name: string; value: string | null }[];
  examples: { text: string; expect: Record<string, string> }[];
}

function plainXml(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, digits: string) => String.fromCodePoint(Number(digits)))
    .replace(/&amp;/g, '&');
}

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/([\w.]+)="([^"]*)"/g)].map((m) => [m[1]!, plainXml(m[2]!)]));
}

function readSources(xml: string): Source[] {
  const bare = xml.replace(/<!--[\s\S]*?-->/g, '');
  return [...bare.matchAll(/<fingerprint\s([^>]*?)>([\s\S]*?)<\/fingerprint>/g)].map(([, head, body]) => ({
    pattern: attributesOf(head!).pattern ?? '',
    params: [...body!.matchAll(/<param\s([^>]*?)\/>/g)]
      .map((m) => attributesOf(m[1]!))
      .map((a) => ({ pos: Number(a.pos), name: a.name ?? '', value: a.value ?? null })),
    examples: [...body!.matchAll(/<example([^>]*)>([\s\S]*?)<\/example>/g)]
      .map((m) => ({
        attributes: attributesOf(m[1]!),
        text: plainXml(m[2]!.replace(/^<!\[CDATA\[([\s\S]*)\]\]>$/, '$1')),
      }))
      .filter(({ attributes }) => !('_encoding' in attributes || '_filename' in attributes))
      .map(({ attributes, text }) => ({ text, expect: attributes })),
  }));
}

/** JavaScript's spelling of the pattern, or why it has none. */
function convertPattern(pattern: string, prefix: string): { pattern: string } | { fault: string } {
  let text = pattern
    .replace(/^\(\?[im]+\)/, '')
    .replace(/^\^\(\?[im]+\)/, '^')
    .replace(/\\z|\\Z/gi, '$')
    .replace(/^\\A/, '^')
    .replace(/^(\^?)\.\*\??(?=.)/, '');
  text = text.replace(/\.\*\$$/, '').replace(/\(\?<[a-z]\w*>/gi, '(');
  if (prefix !== '' && text.startsWith('^')) text = `^${prefix}${text.slice(1)}`;
  if (/\[\[:|\\h|\\R|\(\?>|[+*?}]\+|\\p|\\x\{/.test(text)) return { fault: 'syntax of another engine' };
  const fault = patternFault(text);
  return fault === null ? { pattern: text } : { fault };
}

/** The value of a parameter as our template: constants, `$n`, and other parameters in braces put in. */
function templateOf(source: Source, name: string, depth = 0): string | null {
  const param = source.params.find((p) => p.name === name);
  if (param === undefined || depth > 3) return null;
  if (param.pos > 9) return null;
  if (param.pos > 0) return `$${param.pos}`;
  if (param.value === null || param.value.includes('$')) return null;
  let missing = false;
  const text = param.value.replace(/\{([\w.]+)\}/g, (_, other: string) => {
    const inner = templateOf(source, other, depth + 1);
    if (inner === null) missing = true;
    return inner ?? '';
  });
  return missing ? null : text;
}

type ClaimOut = { attribute: string; value: string; strength?: string };

function claimsOf(source: Source): ClaimOut[] {
  const value = (name: string) => templateOf(source, name);
  const constant = (name: string) => source.params.find((p) => p.name === name && p.pos === 0)?.value ?? null;
  const claims: ClaimOut[] = [];
  const add = (attribute: string, text: string | null, strength?: string) => {
    if (text !== null && text !== '' && text.length <= 120)
      claims.push({ attribute, value: text, ...(strength ? { strength } : {}) });
  };
  const device = constant('hw.device') ?? constant('os.device');
  add('vendor', constant('hw.vendor') ?? (device === null ? null : constant('os.vendor')));
  add('family', value('hw.family'));
  add('model', value('hw.model') ?? value('hw.product'));
  add('serial', value('hw.serial_number'));
  add('os', osOf(value));
  if (device !== null) add('class', DEVICE_CLASS[device] ?? null);
  else if (constant('os.product')?.startsWith('Windows Server')) add('class', 'server', 'weak');
  else if (/^Windows (XP|Vista|7|8|8\.1|10|11)$/.test(constant('os.product') ?? ''))
    add('class', 'workstation', 'weak');
  return claims;
}

function osOf(value: (name: string) => string | null): string | null {
  const stated = value('os.product') ?? value('os.family');
  if (stated === null) return null;
  const maker = value('os.vendor');
  const product = stated === 'Linux' && maker !== null && maker !== 'Linux' ? maker : stated;
  const version = value('os.version');
  return version === null || version === '-' || product.includes(version) ? product : `${product} ${version}`;
}

function certainty(source: Source): number {
  const stated = source.params.filter((p) => p.name.endsWith('certainty') && p.name !== 'service.certainty');
  return Math.min(1, ...stated.map((p) => Number(p.value)));
}

function convert(family: Family, source: Source, number: number) {
  const claims = claimsOf(source);
  if (claims.length === 0) return { fault: 'says nothing of a device' };
  const converted = convertPattern(source.pattern, family.prefix ?? '');
  if ('fault' in converted) return converted;
  const compiled = new RegExp(converted.pattern, 'i');
  const usable = source.examples.filter(({ text }) => text.length <= TEXT_LENGTH && !text.includes('\n'));
  const tried = usable.filter(({ text }) => compiled.test(text.slice(0, TEXT_LENGTH)));
  if (tried.length === 0)
    return { fault: usable.length === 0 ? 'no example in one line' : 'misses its own examples' };
  if (tried.length < usable.length) return { fault: 'misses its own examples' };
  return {
    rule: {
      id: `recog.${family.input.replaceAll('_', '-').toLowerCase()}.${String(number).padStart(4, '0')}`,
      when: { fact: family.fact, matches: converted.pattern },
      claims,
      strength: certainty(source) < SURE ? 'weak' : 'medium',
      examples: tried.slice(0, EXAMPLES).map(({ text, expect }) => ({ text, ...expected(claims, expect) })),
    },
  };
}

function expected(claims: readonly ClaimOut[], expect: Record<string, string>) {
  const serial = expect['hw.serial_number'];
  return serial !== undefined && claims.some((c) => c.attribute === 'serial') ? { expect: { serial } } : {};
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('the path of the folder with the XML files is missing');
for (const family of FAMILIES) {
  const faults = new Map<string, number>();
  const rules = readSources(readFileSync(join(folder, `${family.input}.xml`), 'utf8')).flatMap(
    (source, index) => {
      const result = convert(family, source, index + 1);
      if ('rule' in result) return [result.rule];
      faults.set(result.fault ?? '', (faults.get(result.fault ?? '') ?? 0) + 1);
      return [];
    },
  );
  const head = {
    source: `Recog ${family.input}.xml, commit ${COMMIT}, converted by packages/knowledge/tools/recog.ts`,
    licence: 'BSD-2-Clause',
    kind: family.kind,
    group: family.group,
    firstMatch: true,
    ...(family.serverOnly ? { serverOnly: true } : {}),
  };
  const lines = rules.map((rule) => `    ${JSON.stringify(rule)}`).join(',\n');
  const text = `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "rules": [\n${lines}\n  ]\n}\n`;
  const name = `recog-${family.input.replaceAll('_', '-')}.json`;
  writeFileSync(new URL(`../data/fingerprints/${name}`, import.meta.url), text);
  console.log(name, rules.length, Object.fromEntries(faults));
}
