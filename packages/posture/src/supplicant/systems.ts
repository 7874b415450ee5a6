/** What operating systems bring by themselves for joining by certificate. */
export interface SystemKnowledge {
  can: boolean;
  text: string;
}

/**
 * Tried in this order. Only what the system's own maker documents of it; whether a device's maker lets it be used is another matter. Sources:
 * Microsoft's lists of protocols and suites in Schannel by version, Apple's deployment reference, the manuals of wpa_supplicant and Android.
 */
const systems: readonly [RegExp, SystemKnowledge][] = [
  [
    /\bwindows (xp|2000|nt|ce|embedded (compact|ce))|\bwindows server 2003/i,
    {
      can: false,
      text: 'Its system speaks no TLS above 1.0 and knows no certificates on elliptic curves, which these authorities issue',
    },
  ],
  [
    /\bwindows (vista|server 2008(?! r2))/i,
    { can: false, text: 'Its system speaks no TLS above 1.0 in EAP' },
  ],
  [
    /\bwindows (7|server 2008 r2|embedded standard 7)/i,
    { can: true, text: 'Its system joins by certificate; TLS 1.2 in EAP has to be switched on in it' },
  ],
  [
    /\bwindows (8|8\.1|10|11|server 20(12|16|19|2\d))/i,
    { can: true, text: 'Its system joins by certificate, by cable and by Wi-Fi' },
  ],
  [
    /\b(macos|mac os x|ios|ipados)\b/i,
    { can: true, text: 'Its system joins by certificate, by a configuration profile' },
  ],
  [/\bandroid\b/i, { can: true, text: 'Its system joins Wi-Fi by certificate' }],
  [
    /\b(ubuntu|debian|red hat|centos|fedora|suse)\b/i,
    { can: true, text: 'Its system joins by certificate, by wpa_supplicant' },
  ],
];

/** Null where nothing is known of it: a bare “Linux” may be a kernel without any supplicant. */
export const systemKnowledge = (os: string): SystemKnowledge | null =>
  systems.find(([form]) => form.test(os))?.[1] ?? null;
