import { createHash } from 'node:crypto';
import { type Element, element, writeElement } from './element.ts';
import { type SupplicantFile, type SupplicantNetwork, slug } from './network.ts';

const microsoft = (path: string): string => `http://www.microsoft.com/${path}`;
const xmlns = (path: string) => ({ xmlns: microsoft(path) });
const TLS = '13';

/** Windows names certificates by SHA-1, a name and no proof: the certificate itself lies in the machine's store. */
const thumbprint = (der: Uint8Array): string =>
  createHash('sha1').update(der).digest('hex').replaceAll(/../g, '$& ').trim();

/**
 * A profile for `netsh wlan add profile` or `netsh lan add profile` ([MS-GPWL], [MS-GPWIRED]). The machine signs in by a certificate of its store that these roots
 * issued; a server of another name or authority is refused, and nobody is asked.
 */
export function windowsFile(network: SupplicantNetwork): SupplicantFile {
  const tree = network.medium === 'wired' ? lanProfile(network) : wlanProfile(network);
  return {
    name: `${slug(network.name)}.${network.medium === 'wired' ? 'lan' : 'wlan'}.xml`,
    type: 'application/xml',
    text: `<?xml version="1.0" encoding="UTF-8"?>\n${writeElement(tree)}`,
  };
}

function wlanProfile(network: SupplicantNetwork): Element {
  const { name, isHidden, managementFrames } = network;
  const ssid = network.ssid ?? '';
  const hex = Buffer.from(ssid, 'utf8').toString('hex').toUpperCase();
  return element(
    'WLANProfile',
    [
      element('name', name),
      element('SSIDConfig', [
        element('SSID', [element('hex', hex), element('name', ssid)]),
        element('nonBroadcast', String(isHidden)),
      ]),
      element('connectionType', 'ESS'),
      element('connectionMode', 'auto'),
      element('MSM', [
        element('security', [
          element('authEncryption', [
            // WPA3-Enterprise takes protected management frames only; WPA2 takes them where the network offers them.
            element('authentication', managementFrames === 'required' ? 'WPA3ENT' : 'WPA2'),
            element('encryption', 'AES'),
            element('useOneX', 'true'),
          ]),
          oneX(network),
        ]),
      ]),
      element(
        'MacRandomization',
        [element('enableRandomization', 'false')],
        xmlns('networking/WLAN/profile/v3'),
      ),
    ],
    xmlns('networking/WLAN/profile/v1'),
  );
}

const lanProfile = (network: SupplicantNetwork): Element =>
  element(
    'LANProfile',
    [
      element('MSM', [
        element('security', [
          element('OneXEnforced', 'false'),
          element('OneXEnabled', 'true'),
          oneX(network),
        ]),
      ]),
    ],
    xmlns('networking/LAN/profile/v1'),
  );

const oneX = (network: SupplicantNetwork): Element =>
  element(
    'OneX',
    [element('authMode', 'machine'), element('EAPConfig', [eapHost(network)])],
    xmlns('networking/OneX/v1'),
  );

function eapHost(network: SupplicantNetwork): Element {
  const common = (name: string, value: string) => element(name, value, xmlns('provisioning/EapCommon'));
  return element(
    'EapHostConfig',
    [
      element('EapMethod', [
        common('Type', TLS),
        common('VendorId', '0'),
        common('VendorType', '0'),
        common('AuthorId', '0'),
      ]),
      element('Config', [
        element(
          'Eap',
          [element('Type', TLS), eapTls(network)],
          xmlns('provisioning/BaseEapConnectionPropertiesV1'),
        ),
      ]),
    ],
    xmlns('provisioning/EapHostConfig'),
  );
}

function eapTls({ servers, roots }: SupplicantNetwork): Element {
  const second = xmlns('provisioning/EapTlsConnectionPropertiesV2');
  return element(
    'EapType',
    [
      element('CredentialsSource', [element('CertificateStore', [element('SimpleCertSelection', 'true')])]),
      element('ServerValidation', [
        element('DisableUserPromptForServerValidation', 'true'),
        // Taken literally as long as no asterisk stands in it.
        element('ServerNames', servers.join(';')),
        ...roots.map(({ der }) => element('TrustedRootCA', thumbprint(der))),
      ]),
      element('DifferentUsername', 'false'),
      element('PerformServerValidation', 'true', second),
      element('AcceptServerName', 'true', second),
      element(
        'TLSExtensions',
        [
          element(
            'FilteringInfo',
            [
              element(
                'CAHashList',
                roots.map(({ der }) => element('IssuerHash', thumbprint(der))),
                { Enabled: 'true' },
              ),
            ],
            xmlns('provisioning/EapTlsConnectionPropertiesV3'),
          ),
        ],
        second,
      ),
    ],
    xmlns('provisioning/EapTlsConnectionPropertiesV1'),
  );
}
