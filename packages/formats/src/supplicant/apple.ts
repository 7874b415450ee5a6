import { createHash } from 'node:crypto';
import { type Element, element, writeElement } from './element.ts';
import { type SupplicantFile, type SupplicantNetwork, slug } from './network.ts';

type Value = string | number | boolean | Uint8Array | readonly Value[] | { readonly [key: string]: Value };

const EAP_TLS = 13;

/** The same network has the same names each time, so that a profile that is installed again takes the place of the one before. */
function uuidOf(...parts: readonly string[]): string {
  const hash = createHash('sha256').update(parts.join('\0')).digest().subarray(0, 16);
  // RFC 9562 §5.8
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  return hash
    .toString('hex')
    .toUpperCase()
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * A configuration profile for macOS, iOS and iPadOS. It brings roots and network. The device's own certificate and key are not in it: they are
 * installed before, and chosen where the profile is.
 */
export function appleFile(network: SupplicantNetwork): SupplicantFile {
  const id = `wardline.network.${slug(network.name)}`;
  const roots = network.roots.map(({ der, subject }) => ({
    PayloadType: 'com.apple.security.root',
    PayloadVersion: 1,
    PayloadIdentifier: `${id}.root.${createHash('sha256').update(der).digest('hex').slice(0, 16)}`,
    PayloadUUID: uuidOf(id, 'root', Buffer.from(der).toString('hex')),
    PayloadDisplayName: subject,
    PayloadContent: der,
  }));
  const anchors = roots.map(({ PayloadUUID }) => PayloadUUID);
  const profile: Value = {
    PayloadType: 'Configuration',
    PayloadVersion: 1,
    PayloadIdentifier: id,
    PayloadUUID: uuidOf(id),
    PayloadDisplayName: network.name,
    PayloadDescription: `Joins ${network.name} by certificate. The server is known by its name and its authority.`,
    PayloadContent: [...roots, networkPayload(network, id, anchors)],
  };
  const tree = element('plist', [elementOf(profile)], { version: '1.0' });
  const head =
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n';
  return {
    name: `${slug(network.name)}.mobileconfig`,
    type: 'application/x-apple-aspen-config',
    text: `${head}${writeElement(tree)}`,
  };
}

function networkPayload(network: SupplicantNetwork, id: string, anchors: readonly string[]): Value {
  const { medium, ssid, isHidden, managementFrames, servers } = network;
  const eap = {
    AcceptEAPTypes: [EAP_TLS],
    PayloadCertificateAnchorUUID: anchors,
    TLSTrustedServerNames: servers,
    TLSAllowTrustExceptions: false,
    TLSCertificateIsRequired: true,
    TLSMinimumVersion: '1.2',
  };
  const common = {
    PayloadVersion: 1,
    PayloadIdentifier: `${id}.${medium}`,
    PayloadUUID: uuidOf(id, medium),
    PayloadDisplayName: network.name,
    EAPClientConfiguration: eap,
  };
  if (medium === 'wired')
    return {
      ...common,
      PayloadType: 'com.apple.firstactiveethernet.managed',
      Interface: 'FirstActiveEthernet',
      SetupModes: ['System'],
    };
  return {
    ...common,
    PayloadType: 'com.apple.wifi.managed',
    SSID_STR: ssid ?? '',
    HIDDEN_NETWORK: isHidden,
    AutoJoin: true,
    EncryptionType: managementFrames === 'required' ? 'WPA3' : 'WPA2',
    DisableAssociationMACRandomization: true,
  };
}

/** As plist(5) writes values. */
function elementOf(value: Value): Element {
  if (typeof value === 'string') return element('string', value);
  if (typeof value === 'number') return element('integer', String(value));
  if (typeof value === 'boolean') return element(String(value));
  if (value instanceof Uint8Array) return element('data', Buffer.from(value).toString('base64'));
  if (isList(value)) return element('array', value.map(elementOf));
  return element(
    'dict',
    Object.entries(value).flatMap(([key, inner]) => [element('key', key), elementOf(inner)]),
  );
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
