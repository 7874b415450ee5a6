import type { SupplicantReadiness } from '@wardline/model';

export const stateWords: Record<SupplicantReadiness['state'], string> = {
  'in-use': 'Joins by certificate',
  ready: 'Ready: profile missing',
  enrol: 'Can: certificate missing',
  'other-method': 'Another method',
  'ask-maker': 'Ask the maker',
  cannot: 'Cannot',
  unknown: 'Unknown',
};

export const stateOrder = Object.keys(stateWords) as SupplicantReadiness['state'][];

export const formatWords = {
  'wpa-supplicant': 'wpa_supplicant',
  apple: 'Apple',
  windows: 'Windows',
  hostapd: 'Access point (hostapd)',
} as const;
