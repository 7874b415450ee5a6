import { UpdatesFault } from '../fault.ts';
import { TIMESTAMP_BYTES } from '../limits.ts';
import { type Envelope, readMetadata } from '../metadata/envelope.ts';
import type { Timestamp } from '../metadata/signed.ts';
import { checkThreshold } from '../verification/threshold.ts';
import { keptBefore } from './kept.ts';
import type { Session } from './ports.ts';
import { checkExpiry, type TrustedRoot } from './root.ts';

export type TrustedTimestamp = Envelope<Timestamp>;

/** TUF 5.4 */
export async function updateTimestamp(session: Session, root: TrustedRoot): Promise<TrustedTimestamp> {
  const kept = await keptBefore(session, 'timestamp', (bytes) => readTimestamp(root, bytes));
  const bytes = await session.source.metadata('timestamp.json', TIMESTAMP_BYTES); // 5.4.1
  if (bytes === null) throw new UpdatesFault('missing', 'the repository has no timestamp');
  const next = readTimestamp(root, bytes); // 5.4.2
  const trusted = kept === null ? next : newer(kept, next); // 5.4.3
  checkExpiry('timestamp', trusted, session); // 5.4.4
  if (trusted !== kept) await session.store.write('timestamp', trusted.bytes); // 5.4.5
  return trusted;
}

function readTimestamp({ signed: { roles, keys } }: TrustedRoot, bytes: Uint8Array): TrustedTimestamp {
  const timestamp = readMetadata('timestamp', bytes);
  checkThreshold('timestamp', timestamp, roles.timestamp, keys);
  return timestamp;
}

/** TUF 5.4.3: of the same number the kept one stays, whatever the other says. @throws UpdatesFault */
function newer(kept: TrustedTimestamp, next: TrustedTimestamp): TrustedTimestamp {
  if (next.signed.version < kept.signed.version)
    throw new UpdatesFault('rollback', `timestamp ${next.signed.version} after ${kept.signed.version}`); // 5.4.3.1
  if (next.signed.version === kept.signed.version) return kept;
  const [before, after] = [kept.signed.snapshot.version, next.signed.snapshot.version];
  if (after < before) throw new UpdatesFault('rollback', `snapshot ${after} after ${before}`); // 5.4.3.2
  return next;
}
