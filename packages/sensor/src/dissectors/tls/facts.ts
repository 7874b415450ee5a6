import type { Facts } from '@wardline/model';
import type { Reporter, Side } from '../../dissector.ts';
import { factText, present } from '../../text/wire-text.ts';
import { cipherName } from './cipher-suites.ts';
import {
  alpnNames,
  type ClientHello,
  type Extension,
  extensionOf,
  extensionTypes,
  numbersIn,
  type ServerHello,
  serverName,
} from './hello.ts';
import { ja3, ja3s } from './ja3.ts';
import { type Ja4Transport, ja4 } from './ja4.ts';
import { MAX_ALPN, MAX_NAME } from './limits.ts';
import { highestVersion, versionName } from './version.ts';

export function stateClientHello(
  hello: ClientHello,
  from: Side,
  transport: Ja4Transport,
  report: Reporter,
): void {
  const offered = numbersIn(extensionOf(hello.extensions, extensionTypes.supportedVersions), 1);
  const name = serverName(extensionOf(hello.extensions, extensionTypes.serverName));
  const sni = name === null ? undefined : factText(name, MAX_NAME);
  const alpn = alpnOf(hello.extensions);
  const facts = {
    version: nameOrNumber(highestVersion(offered, hello.version)),
    ja3: ja3(hello),
    ja4: ja4(hello, transport),
    sni,
    alpn: alpn.length === 0 ? undefined : alpn,
  };
  report.sight('tls.client', from, present<Facts['tls.client']>(facts as Facts['tls.client']));
  if (sni !== undefined) report.note('sni', sni);
  nameApplication(alpn, report);
}

/** IANA's registry of ALPN names has one for DICOM (RFC 7301 §6); where it is offered among others the answer decides. */
function nameApplication(names: readonly string[], report: Reporter): void {
  if (names.length === 1 && names[0] === 'dicom') report.application('dicom-tls');
}

/** Returns the version that was agreed. */
export function stateServerHello(hello: ServerHello, from: Side, report: Reporter): number {
  const version = agreedVersion(hello);
  const protection = versionName(version);
  const facts = {
    version: nameOrNumber(version),
    cipher: cipherName(hello.cipher),
    ja3s: ja3s(hello),
    alpn: alpnOf(hello.extensions)[0],
  };
  report.sight('tls.server', from, present<Facts['tls.server']>(facts as Facts['tls.server']));
  if (facts.alpn !== undefined) nameApplication([facts.alpn], report);
  if (protection !== null) report.protection(protection);
  return version;
}

/** RFC 8446 §4.2.1: the server's extension holds one version, which counts instead of the hello's own. */
export function agreedVersion(hello: ServerHello): number {
  const data = extensionOf(hello.extensions, extensionTypes.supportedVersions);
  return data?.length === 2 ? (data[0]! << 8) | data[1]! : hello.version;
}

function nameOrNumber(version: number): string {
  return versionName(version) ?? `0x${version.toString(16).padStart(4, '0')}`;
}

function alpnOf(extensions: readonly Extension[]): string[] {
  const names = alpnNames(extensionOf(extensions, extensionTypes.alpn)).slice(0, MAX_ALPN);
  return names.map((name) => factText(name, MAX_NAME)).filter((name) => name !== undefined);
}
