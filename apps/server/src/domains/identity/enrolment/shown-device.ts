import type { Socket } from 'node:net';
import type { Context } from '../../../context.ts';
import { shownBy } from '../../../http/device-door.ts';
import { Refusal } from '../../../http/problems.ts';
import { provedBy } from './proof.ts';

/** Who comes through the door of devices with a certificate of here. */
export interface ShownDevice {
  asset: string;
  /** The certificate that it showed. */
  certificate: string;
  /** Its name in its certificate. */
  holder: string;
}

/**
 * The device that a connection belongs to.
 * @throws Refusal `not-found` where it came another way, `forbidden` without a certificate of here that holds for a known device
 */
export async function shownDevice(context: Context, socket: Socket): Promise<ShownDevice> {
  const shown = shownBy(socket);
  if (shown === undefined) throw new Refusal('not-found');
  const proof = await provedBy(context, shown);
  if (proof?.way !== 'renewal' || proof.held.asset === null)
    throw new Refusal('forbidden', 'A certificate that was issued here to a device, and holds, is needed');
  return { asset: proof.held.asset, certificate: proof.held.id, holder: proof.held.holder };
}
