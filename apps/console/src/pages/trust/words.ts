import type { CertificateRow, EnrolmentRow } from '../../api/trust.ts';

export const stateWords: Record<CertificateRow['state'], string> = {
  valid: 'Valid',
  due: 'Renewal due',
  expired: 'Expired',
  revoked: 'Revoked',
};

/** Where a key is known to lie. */
export const assuranceWords: Record<CertificateRow['assurance'], string> = {
  software: 'Software',
  'hardware-claimed': 'Hardware, claimed',
  'hardware-proved': 'Hardware, proved',
};

export const wayWords: Record<EnrolmentRow['way'], string> = {
  code: 'One-time code',
  manufacturer: 'Maker’s certificate',
  renewal: 'Renewal',
};

/** Days from one moment to another, as people count what is left. */
export function daysLeft(until: string, now: string): string {
  const days = Math.floor((Date.parse(until) - Date.parse(now)) / 86_400_000);
  if (days < 0) return 'over';
  return days === 0 ? 'today' : `in ${days} ${days === 1 ? 'day' : 'days'}`;
}
