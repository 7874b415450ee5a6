import { commented, pem, type SupplicantFile, type SupplicantNetwork, slug } from './network.ts';

/**
 * A configuration of wpa_supplicant 2.10. The root stands within it, so that nothing beside it can be swapped; the key does not: it is named by
 * its path alone. Every value is hexadecimal, or of letters that cannot end a string.
 */
export function wpaSupplicantFile(network: SupplicantNetwork): SupplicantFile {
  const lines = [
    `# ${commented(network.name)}: certificate (EAP-TLS), server and authority pinned`,
    ...(network.medium === 'wired' ? ['ap_scan=0'] : ['pmf=2']),
    'network={',
    ...(network.medium === 'wired' ? wired : wifi(network)).map(indented),
    ...tls(network).map(indented),
    '}',
    'blob-base64-roots={',
    Buffer.from(network.roots.map(({ der }) => pem(der)).join(''))
      .toString('base64')
      .replaceAll(/.{76}(?=.)/g, '$&\n'),
    '}',
  ];
  return {
    name: `${slug(network.name)}.wpa_supplicant.conf`,
    type: 'text/plain; charset=utf-8',
    text: `${lines.join('\n')}\n`,
  };
}

const indented = (line: string): string => `\t${line}`;
const wired = ['key_mgmt=IEEE8021X', 'eapol_flags=0'];
const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex');

function wifi({ ssid, isHidden, managementFrames }: SupplicantNetwork): string[] {
  const isRequired = managementFrames === 'required';
  return [
    `ssid=${hex(ssid ?? '')}`,
    ...(isHidden ? ['scan_ssid=1'] : []),
    // WPA3 specification §3.4: AKM 5 with protected management frames; no TKIP, no WPA.
    'proto=RSN',
    `key_mgmt=${isRequired ? 'WPA-EAP-SHA256' : 'WPA-EAP-SHA256 WPA-EAP'}`,
    'pairwise=CCMP',
    'group=CCMP',
    `ieee80211w=${isRequired ? 2 : 1}`,
    // The inventory knows a device by its address.
    'mac_addr=0',
  ];
}

/** Without `ca_cert` any server would be believed, and without `domain_match` any that the hospital ever gave a certificate. */
const tls = ({ identity, servers, folder }: SupplicantNetwork): string[] => [
  'eap=TLS',
  `identity="${identity}"`,
  'ca_cert="blob://roots"',
  `domain_match="${servers.join(';')}"`,
  `client_cert="${folder}/device.pem"`,
  `private_key="${folder}/device.key"`,
  'phase1="tls_disable_tlsv1_0=1 tls_disable_tlsv1_1=1"',
];

/** What the access point has to have for these devices: the part of hostapd's configuration that decides who gets in. */
export function hostapdFile({ name, medium, ssid, managementFrames }: SupplicantNetwork): SupplicantFile {
  const isRequired = managementFrames === 'required';
  const air = [
    `ssid2=${hex(ssid ?? '')}`,
    'wpa=2',
    `wpa_key_mgmt=${isRequired ? 'WPA-EAP-SHA256' : 'WPA-EAP-SHA256 WPA-EAP'}`,
    'rsn_pairwise=CCMP',
    `# management frames ${isRequired ? 'have to be protected: nobody near throws devices off' : 'are protected where the device can'}`,
    `ieee80211w=${isRequired ? 2 : 1}`,
    'group_mgmt_cipher=AES-128-CMAC',
  ];
  const lines = [
    `# ${commented(name)}: what the access point has to say; the secret goes beside it, by your own way`,
    ...(medium === 'wired' ? ['driver=wired', 'use_pae_group_addr=1'] : air),
    'ieee8021x=1',
    'eapol_version=2',
    '# the server is FreeRADIUS, none of the access point’s own',
    'eap_server=0',
    '#auth_server_addr=ADDRESS OF FREERADIUS',
    '#auth_server_port=1812',
    '#auth_server_shared_secret=KEPT ELSEWHERE',
    '# asks again once an hour, so that who was revoked leaves even where no Disconnect comes through',
    'eap_reauth_period=3600',
  ];
  return {
    name: `${slug(name)}.hostapd.conf`,
    type: 'text/plain; charset=utf-8',
    text: `${lines.join('\n')}\n`,
  };
}
