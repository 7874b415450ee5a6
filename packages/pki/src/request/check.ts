import { oids } from '../der/oids.ts';
import { type DistinguishedName, isSameName, printName } from '../names/distinguished.ts';
import { type GeneralName, printGeneralName } from '../names/general.ts';
import { attempt, type Outcome, PkiError } from '../pki-error.ts';
import type { CertificationRequest } from './request.ts';

/** What a request may ask for; the rest of a certificate is the authority's to say. */
const asked: ReadonlySet<string> = new Set([
  oids.subjectAltName,
  oids.keyUsage,
  oids.extendedKeyUsage,
  oids.basicConstraints,
]);

export interface Allowed {
  subject: DistinguishedName;
  names: readonly GeneralName[];
}

/**
 * Whether a request asks for no more than what will be issued. It may ask for less: the authority names. An authority's rights, names of
 * others and extensions nobody knows are refused rather than left out, so that whoever asks learns of it.
 */
export const checkRequest = (request: CertificationRequest, allowed: Allowed): Outcome<null> =>
  attempt(() => {
    const foreign = request.extensions.find(({ type }) => !asked.has(type));
    if (foreign !== undefined)
      throw new PkiError('names', `The extension ${foreign.type} cannot be asked for`, foreign.at);
    const mine = new Set(allowed.names.map(printGeneralName));
    const other = request.names.map(printGeneralName).find((name) => !mine.has(name));
    if (other !== undefined)
      throw new PkiError('names', `${other} is none of its names; it may ask for ${[...mine].join(', ')}`);
    return null;
  });

/** RFC 7030 §4.2.2: a renewal asks for the same subject and the same names. */
export const checkRenewal = ({ subject, names }: CertificationRequest, current: Allowed): Outcome<null> =>
  attempt(() => {
    const texts = (list: readonly GeneralName[]) => list.map(printGeneralName).toSorted().join(' ');
    if (!isSameName(subject, current.subject))
      throw new PkiError(
        'names',
        `The subject is ${printName(subject) || 'empty'}, and has to be ${printName(current.subject)}`,
      );
    if (texts(names) !== texts(current.names))
      throw new PkiError(
        'names',
        `The names are ${texts(names) || 'none'}, and have to be ${texts(current.names)}`,
      );
    return null;
  });
