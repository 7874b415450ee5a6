import type { Certificate } from '../../certificate/certificate.ts';
import { tpmNamesOf } from './tpm-names.ts';

const AK_CERTIFICATE = '2.23.133.8.3';
const EK_CERTIFICATE = '2.23.133.8.1';

/** TCG AK certificate profile: why this certificate does not vouch for an attestation key, or null. */
export function attestationProfileFault(certificate: Certificate): string | null {
  if (certificate.subject.parts.length > 0) return 'a certificate of an attestation key has an empty subject';
  return profileFault(certificate, AK_CERTIFICATE);
}

/** TCG EK credential profile §3.2: why this certificate does not vouch for an endorsement key, or null. */
export const endorsementProfileFault = (certificate: Certificate): string | null =>
  profileFault(certificate, EK_CERTIFICATE);

function profileFault(certificate: Certificate, usage: string): string | null {
  const { basicConstraints, purposes } = certificate;
  if (basicConstraints?.isAuthority === true) return 'it is an authority, and no key of a TPM';
  if (purposes?.includes(usage) !== true) return `it lacks the extended key usage ${usage}`;
  const { manufacturer, model, firmware } = tpmNamesOf(certificate);
  const named = manufacturer !== null && model !== null && firmware !== null;
  return named ? null : 'it names no TPM manufacturer, model and firmware version';
}
