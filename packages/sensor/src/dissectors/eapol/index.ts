import type { Endpoint, Facts } from '@wardline/model';
import type { FrameDissector, FrameReporter } from '../../dissector.ts';
import { HEADER } from './limits.ts';

/** IEEE 802.1X-2020 table 11-3 */
const EAP = 0;
const START = 1;
const LOGOFF = 2;
const KEY = 3;

/** RFC 3748 §4 */
const REQUEST = 1;
const RESPONSE = 2;
const SUCCESS = 3;
const FAILURE = 4;

/** IANA's EAP method types; the first three are no methods (RFC 3748 §5). */
const FIRST_METHOD = 4;
const methods: Readonly<Record<number, string>> = {
  4: 'MD5',
  6: 'GTC',
  13: 'TLS',
  17: 'LEAP',
  18: 'SIM',
  21: 'TTLS',
  23: 'AKA',
  25: 'PEAP',
  26: 'MSCHAPv2',
  43: 'FAST',
  50: 'AKA′',
  52: 'PWD',
  55: 'TEAP',
};

/** The bit of a key descriptor that only the authenticator sets (IEEE 802.11-2020 §12.7.2). */
const KEY_ACK = 0x80;
const RSN_KEY = 2;
const WPA_KEY = 254;

type Party = Facts['eapol.party'];

/** Who asks to be let into the network, and who lets in, by IEEE 802.1X. Identities are persons' and are not read. */
export const eapol: FrameDissector = {
  name: 'eapol',
  types: [0x888e],
  onFrame(payload, source, report) {
    const version = payload[0] ?? 0;
    const length = payload.length < HEADER ? -1 : (payload[2]! << 8) | payload[3]!;
    if (length < 0 || version < 1 || version > 3) report.malformed('eapol-version');
    else if (HEADER + length > payload.length) report.malformed('eapol-length');
    else state(payload[1]!, payload.subarray(HEADER, HEADER + length), source, report);
  },
};

function state(type: number, body: Uint8Array, source: Endpoint, report: FrameReporter): void {
  const party = partyOf(type, body);
  if (party !== null) report.sight('eapol.party', source, party);
}

function partyOf(type: number, body: Uint8Array): Party | null {
  if (type === START || type === LOGOFF) return { role: 'supplicant' };
  if (type === EAP) return eapParty(body);
  return type === KEY ? keyParty(body) : null;
}

function eapParty(body: Uint8Array): Party | null {
  const [code, , , , type = 0] = body;
  if (body.length < HEADER) return null;
  if (code === SUCCESS || code === FAILURE)
    return { role: 'authenticator', result: code === SUCCESS ? 'success' : 'failure' };
  if (code !== REQUEST && code !== RESPONSE) return null;
  const role = code === REQUEST ? 'authenticator' : 'supplicant';
  return type < FIRST_METHOD ? { role } : { role, method: methods[type] ?? `type ${type}` };
}

function keyParty(body: Uint8Array): Party | null {
  const [descriptor] = body;
  if (body.length < 3 || (descriptor !== RSN_KEY && descriptor !== WPA_KEY)) return null;
  return { role: (body[2]! & KEY_ACK) === 0 ? 'supplicant' : 'authenticator', keyHandshake: true };
}
