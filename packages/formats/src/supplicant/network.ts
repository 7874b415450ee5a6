/** A network that devices join by certificate (IEEE 802.1X, EAP-TLS, RFC 5216 and RFC 9190). */
export interface SupplicantNetwork {
  /** As people call it. */
  name: string;
  medium: 'wifi' | 'wired';
  /** Of Wi-Fi. At most 32 bytes in UTF-8. */
  ssid: string | null;
  isHidden: boolean;
  /** `required` is WPA3-Enterprise alone; `optional` lets WPA2-Enterprise in beside it, for devices that know no more. */
  managementFrames: 'required' | 'optional';
  /** Host names of the authentication servers' certificates, lower case. At least one. */
  servers: readonly string[];
  /** Below which these certificates are issued, DER. At least one. */
  roots: readonly { der: Uint8Array; subject: string }[];
  /** Told in clear before anything is proved, so that it names nobody: `anonymous@` the zone's domain (RFC 9190 §2.1.8). */
  identity: string;
  /** On the device: where certificate and key lie, for supplicants that read files. */
  folder: string;
}

export const supplicantFormats = ['wpa-supplicant', 'hostapd', 'apple', 'windows'] as const;
export type SupplicantFormat = (typeof supplicantFormats)[number];

/** A file for a supplicant, or for the access point. */
export interface SupplicantFile {
  name: string;
  type: string;
  text: string;
}

/** What stands in a comment: one line, nothing that a reader takes for something else. */
export const commented = (text: string): string => text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');

/** A name for files. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40) || 'network';

export const pem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der)
    .toString('base64')
    .replaceAll(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
