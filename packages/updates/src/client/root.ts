import { UpdatesFault } from '../fault.ts';
import { ROOT_BYTES, ROOT_ROTATIONS } from '../limits.ts';
import { type Envelope, readMetadata } from '../metadata/envelope.ts';
import type { Root } from '../metadata/signed.ts';
import { checkThreshold } from '../verification/threshold.ts';
import type { Session } from './ports.ts';

export type TrustedRoot = Envelope<Root>;

/** TUF 5.2: the root that was trusted last, or the one that came with the device. @throws UpdatesFault */
export async function loadRoot({ store }: Session): Promise<TrustedRoot> {
  const bytes = await store.read('root');
  if (bytes === null) throw new UpdatesFault('no-root', 'there is no trusted root to begin with');
  return readRoot(bytes);
}

/** A root that its own keys have signed. @throws UpdatesFault */
export function readRoot(bytes: Uint8Array): TrustedRoot {
  const root = readMetadata('root', bytes);
  checkThreshold('root', root, root.signed.roles.root, root.signed.keys);
  return root;
}

/** TUF 5.3: one root after the other. */
export async function updateRoot(session: Session): Promise<TrustedRoot> {
  let trusted = await loadRoot(session); // 5.3.1 and 5.2
  // 5.3.9 with the bound of 5.3.3
  for (let rotations = 0; rotations < ROOT_ROTATIONS; rotations++) {
    const name = `${trusted.signed.version + 1}.root.json`;
    const bytes = await session.source.metadata(name, ROOT_BYTES); // 5.3.3
    if (bytes === null) break;
    const next = nextRoot(trusted, bytes);
    await keepRoot(session, trusted, next);
    trusted = next; // 5.3.7
  }
  checkExpiry('root', trusted, session); // 5.3.10
  return trusted;
}

/** The root after a trusted one. @throws UpdatesFault */
export function nextRoot(trusted: TrustedRoot, bytes: Uint8Array): TrustedRoot {
  const next = readMetadata('root', bytes);
  checkThreshold('root by the keys before it', next, trusted.signed.roles.root, trusted.signed.keys); // 5.3.4
  checkThreshold('root by its own keys', next, next.signed.roles.root, next.signed.keys); // 5.3.4
  if (next.signed.version !== trusted.signed.version + 1)
    throw new UpdatesFault('rollback', `root ${next.signed.version} after root ${trusted.signed.version}`); // 5.3.5
  return next; // 5.3.6: its expiry is not asked yet
}

/**
 * TUF 5.3.8 and 5.3.11. What the old keys signed goes first: were the root written first and the power cut between, the
 * numbers that a thief of those keys had raised would be held against the new keys for ever.
 */
async function keepRoot({ store }: Session, before: TrustedRoot, next: TrustedRoot): Promise<void> {
  if (isRevoked(before, next, 'timestamp') || isRevoked(before, next, 'snapshot')) {
    await store.remove('timestamp');
    await store.remove('snapshot');
  }
  await store.write('root', next.bytes);
}

/** Whether a key that could sign for a role cannot any more. One more key takes nothing back. */
function isRevoked(before: TrustedRoot, next: TrustedRoot, role: 'timestamp' | 'snapshot'): boolean {
  const still = new Set(next.signed.roles[role].keyIds);
  return before.signed.roles[role].keyIds.some((id) => !still.has(id));
}

/** Freeze attack: TUF 5.3.10, 5.4.4, 5.5.6, 5.6.5. @throws UpdatesFault */
export function checkExpiry(
  name: string,
  { signed }: Envelope<{ expires: number }>,
  { start }: { start: number },
): void {
  if (signed.expires > start) return;
  throw new UpdatesFault('expired', `${name} was good until ${new Date(signed.expires).toISOString()}`);
}
