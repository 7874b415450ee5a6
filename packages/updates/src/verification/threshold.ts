import { UpdatesFault } from '../fault.ts';
import type { Envelope } from '../metadata/envelope.ts';
import type { Keys, Role } from '../metadata/key.ts';
import { isSignedBy, openKey } from './signature.ts';

/** The role's identifiers whose signature holds, one for each key: a key under two names counts once. */
export function signersOf(envelope: Envelope<unknown>, role: Role, keys: Keys): readonly string[] {
  const seen = new Set<string>();
  return role.keyIds.filter((id) => {
    const [key, signature] = [keys.get(id), envelope.signatures.get(id)];
    const opened = key === undefined || signature === undefined ? null : openKey(key);
    if (opened === null || seen.has(opened.material)) return false;
    const holds = isSignedBy(opened, envelope.payload, signature!);
    if (holds) seen.add(opened.material);
    return holds;
  });
}

/** @throws UpdatesFault where fewer than the threshold of a role's keys have signed */
export function checkThreshold(name: string, envelope: Envelope<unknown>, role: Role, keys: Keys): void {
  const signed = signersOf(envelope, role, keys).length;
  if (signed < role.threshold)
    throw new UpdatesFault('unsigned', `${name}: ${signed} of the ${role.threshold} signatures it needs`);
}
