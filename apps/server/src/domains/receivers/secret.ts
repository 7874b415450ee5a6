import { type Keyring, PLATFORM, placeIn } from '../../keys/index.ts';
import type { Served } from './sending.ts';

const TABLE = { table: 'alert_receiver' } as const;

export const sealSecret = (keys: Keyring, id: string, secret: string): Promise<Buffer> =>
  keys.seal(Buffer.from(secret, 'utf8'), placeIn(TABLE, id), PLATFORM);

/** Null where it has none. @throws where it cannot be opened */
export async function openSecret(
  keys: Keyring,
  { id, sealed }: Pick<Served, 'id' | 'sealed'>,
): Promise<string | null> {
  if (sealed === null) return null;
  const plain = await keys.open(sealed, placeIn(TABLE, id));
  if (plain === null) throw new Error('its secret cannot be opened: the key of the platform is lost');
  return plain.toString('utf8');
}
