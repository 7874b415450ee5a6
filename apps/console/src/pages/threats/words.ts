import type { WeighedThreatTold } from '../../api/threats.ts';

export const kindWords: Readonly<Record<WeighedThreatTold['kind'], string>> = {
  'unsafe-command': 'Unsafe command',
  tampering: 'Tampering',
  'denial-of-service': 'Denial of service',
  misuse: 'Misuse',
  'supply-chain': 'Supply chain',
  disclosure: 'Disclosure',
};

/** Where MITRE tells more. */
export const emb3dHref = (id: string): string =>
  `https://emb3d.mitre.org/${id.startsWith('MID') ? 'mitigations' : 'threats'}/${id}.html`;
export const attackHref = (id: string): string => `https://attack.mitre.org/techniques/${id}/`;
