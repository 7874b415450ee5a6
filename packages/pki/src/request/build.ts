import { signedWhole } from '../certificate/build.ts';
import { encodeExtension, extensionList } from '../certificate/extensions.ts';
import { oids } from '../der/oids.ts';
import { type Bytes, bodyOf, element, integer, oid, sequence, setOf } from '../der/write.ts';
import { algorithmIdentifier } from '../keys/public-key.ts';
import type { Signer } from '../keys/signer.ts';
import { type DistinguishedName, noName } from '../names/distinguished.ts';
import { encodeGeneralNames, type GeneralName } from '../names/general.ts';

export interface Wanted {
  /** Absent: the authority names the subject. */
  subject?: DistinguishedName;
  names?: readonly GeneralName[];
  /** Attributes beside the extensions, each a whole value with its tag; evidence of how the key is kept, for one. */
  attributes?: readonly { type: string; value: Bytes }[];
}

/** A certification request (RFC 2986), signed by the key that it asks for. */
export async function signRequest(signer: Signer, wanted: Wanted = {}): Promise<Bytes> {
  const { subject = noName, names = [], attributes = [] } = wanted;
  const asked =
    names.length === 0
      ? []
      : [extensionList([encodeExtension(oids.subjectAltName, encodeGeneralNames(names))])];
  const all = [...asked.map((value) => ({ type: oids.extensionRequest, value })), ...attributes];
  const set = setOf(...all.map(({ type, value }) => sequence(oid(type), setOf(value))));
  const info = sequence(integer(0), subject.der, signer.publicKey.spki, element(0xa0, bodyOf(set)));
  return signedWhole(info, algorithmIdentifier(signer.algorithm), signer);
}
