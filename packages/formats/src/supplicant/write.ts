import { appleFile } from './apple.ts';
import type { SupplicantFile, SupplicantFormat, SupplicantNetwork } from './network.ts';
import { windowsFile } from './windows.ts';
import { hostapdFile, wpaSupplicantFile } from './wpa-supplicant.ts';

const writers: Readonly<Record<SupplicantFormat, (network: SupplicantNetwork) => SupplicantFile>> = {
  'wpa-supplicant': wpaSupplicantFile,
  hostapd: hostapdFile,
  apple: appleFile,
  windows: windowsFile,
};

/** Letters of host names and of paths: none of them ends a string in any of the files. */
const nameForm = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;
const pathForm = /^\/[A-Za-z0-9._/-]{1,200}$/;
const identityForm = /^[A-Za-z0-9._-]{0,64}@[a-z0-9.-]{1,200}$/;
const SSID_BYTES = 32;

/**
 * A file by which a device joins a network. It holds no key and no password, and names whom to believe.
 * @throws RangeError where it would believe anybody, or a value cannot stand in it
 */
export function writeSupplicant(network: SupplicantNetwork, format: SupplicantFormat): SupplicantFile {
  const { medium, ssid, servers, roots, identity, folder } = network;
  if (roots.length === 0) throw new RangeError('without a root any server would be believed');
  if (servers.length === 0)
    throw new RangeError('without the name of a server any of the hospital’s would be believed');
  const odd = servers.find((name) => name.length > 253 || !nameForm.test(name));
  if (odd !== undefined) throw new RangeError(`${odd} is no host name`);
  if (!pathForm.test(folder)) throw new RangeError('the folder is no path of plain letters');
  if (!identityForm.test(identity)) throw new RangeError('the identity is no network access identifier');
  const bytes = Buffer.byteLength(ssid ?? '', 'utf8');
  if (medium === 'wifi' && (bytes < 1 || bytes > SSID_BYTES))
    throw new RangeError(`a network’s name has 1 to ${SSID_BYTES} bytes`);
  return writers[format](network);
}
