const VERSION = 0x80;
const HAS_CHANNEL = 0x20;
const ENCRYPTED = 0x08;
const CHANGED = 0x04;

/**
 * Where the EtherType of a MACsec frame's user data stands (IEEE 802.1AE §9.3), `start` being behind the EtherType 0x88e5:
 * in clear where the frame is protected in integrity only.
 */
export function securedContent(
  view: DataView,
  start: number,
  end: number,
): number | 'encrypted' | 'truncated' {
  if (end - start < 6) return 'truncated';
  const control = view.getUint8(start);
  if ((control & (VERSION | ENCRYPTED | CHANGED)) !== 0) return 'encrypted';
  const at = start + ((control & HAS_CHANNEL) === 0 ? 6 : 14);
  return end - at < 2 ? 'truncated' : at;
}
