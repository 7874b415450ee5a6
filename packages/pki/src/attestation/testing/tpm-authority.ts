import { serialFrom, signCertificate } from '../../certificate/build.ts';
import { type Certificate, certificate } from '../../certificate/certificate.ts';
import {
  basicConstraints,
  keyUsage,
  keyUsages,
  purposes,
  subjectNames,
} from '../../certificate/extensions.ts';
import { sequence, utf8 } from '../../der/write.ts';
import { nameOf } from '../../names/distinguished.ts';
import type { GeneralName } from '../../names/general.ts';
import { DAY_MICROS, NOW, newKey } from '../../testing/keys.ts';

/** A maker of TPMs that vouches for attestation keys. */
export interface Maker {
  root: Certificate;
  issue: (of: {
    spki: Uint8Array;
    device?: string;
    profile?: 'ak' | 'ek';
    ca?: boolean;
    subject?: string;
    named?: boolean;
    until?: number;
  }) => Promise<Uint8Array>;
}

const NAME = nameOf([{ type: '2.5.4.3', value: 'Example TPM maker' }]);
const NOBODY = nameOf([]).der;

export async function makeMaker(): Promise<Maker> {
  const { signer } = newKey();
  let serial = 0;
  const draft = { issuer: NAME.der, notBefore: NOW - DAY_MICROS };
  const next = () => serialFrom(Buffer.alloc(16, ++serial));
  const authority = [
    basicConstraints({ isAuthority: true, pathLength: 0 }),
    keyUsage(keyUsages.certificates),
  ];
  const self = {
    ...draft,
    serial: next(),
    subject: NAME.der,
    notAfter: NOW + 9 * DAY_MICROS,
    spki: signer.publicKey.spki,
    extensions: authority,
  };
  const root = certificate(await signCertificate(self, signer));
  const issue: Maker['issue'] = ({
    spki,
    device,
    profile = 'ak',
    ca = false,
    subject,
    named = true,
    until = NOW + DAY_MICROS,
  }) => {
    const extensions = [
      basicConstraints({ isAuthority: ca, pathLength: null }),
      purposes(profile === 'ak' ? '2.23.133.8.3' : '2.23.133.8.1'),
      subjectNames([...(named ? [tpmName] : []), ...(device === undefined ? [] : [permanent(device)])], true),
    ];
    const whom = subject === undefined ? NOBODY : nameOf([{ type: '2.5.4.3', value: subject }]).der;
    return signCertificate(
      { ...draft, serial: next(), subject: whom, notAfter: until, spki, extensions },
      signer,
    );
  };
  return { root, issue };
}

const tpmName: GeneralName = {
  kind: 'directory',
  value: nameOf([
    { type: '2.23.133.2.1', value: 'id:00001014' },
    { type: '2.23.133.2.2', value: 'model' },
    { type: '2.23.133.2.3', value: 'id:1' },
  ]),
};

const permanent = (device: string): GeneralName => ({
  kind: 'other',
  type: '1.3.6.1.5.5.7.8.3',
  value: sequence(utf8(device)),
});
