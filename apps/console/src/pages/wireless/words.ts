import type { HeardNetwork } from '../../api/wireless.ts';

export type Protection = 'open' | 'broken' | 'shared' | 'own' | 'opportunistic' | 'unknown';

/** How a network is protected, as somebody decides by: nobody, a broken key, one key for all, a key of each one's own. */
export function protectionOf({ security, authentication }: HeardNetwork): Protection {
  if (security === 'open') return 'open';
  if (security === 'owe') return 'opportunistic';
  if (security === 'wep' || security.split('/').includes('wpa')) return 'broken';
  const methods = authentication.map((method) => method.toLowerCase());
  if (methods.some((method) => method.includes('802.1x') || method.includes('suite-b'))) return 'own';
  if (methods.some((method) => method.includes('psk') || method.includes('sae'))) return 'shared';
  return 'unknown';
}

export const protectionWords: Readonly<Record<Protection, string>> = {
  open: 'open: anybody reads what passes',
  broken: 'broken (WEP or the first WPA)',
  shared: 'one key for all (PSK)',
  own: 'a key of each one’s own (802.1X)',
  opportunistic: 'encrypted, without proof (OWE)',
  unknown: 'protection unknown',
};

export const frameWords: Readonly<Record<string, string>> = {
  unprotected: 'not protected: anybody can throw devices off',
  optional: 'protected where the device can',
  required: 'protected',
};

/** What the watch tells of the air. */
export const airDetections = ['rogue-access-point', 'deauthentication-flood', 'impersonation'] as const;

export const answerWords = {
  met: 'Yes',
  'not-met': 'No',
  'not-applicable': 'Does not apply',
  unknown: 'Nobody looked',
} as const;
