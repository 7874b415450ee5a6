import type { Facts } from '@wardline/model';
import { Cursor } from '../../bytes/cursor.ts';
import { type FrameDissector, llcType } from '../../dissector.ts';
import { macAt } from '../../network/address.ts';

/** IEEE 802.1D-2004 §9.3, IEEE 802.1Q-2018 §14.4. */
const SPANNING_TREE = 0x42;
const CONFIGURATION = 0;
const RAPID = 2;
const LENGTH = 35;
const BRIDGE = 17;
/** With several trees the field names the region's root, and the bridge's own comes later (IEEE 802.1Q-2018 §14.4). */
const CIST_BRIDGE = 93;
const MSTP_LENGTH = 102;
const protocols: Readonly<Record<number, Facts['stp.bridge']['protocol']>> = {
  0: 'stp',
  2: 'rstp',
  3: 'mstp',
  4: 'spb',
};

/** Which bridges there are and which of them is the root, by the spanning tree's messages. */
export const stp: FrameDissector = {
  name: 'stp',
  types: [llcType(SPANNING_TREE)],
  onFrame(payload, source, report) {
    const protocol = protocols[payload[2] ?? 9];
    if (payload.length < 4 || payload[0] !== 0 || payload[1] !== 0 || protocol === undefined) {
      report.malformed('stp-version');
      return;
    }
    const type = payload[3];
    if (type !== CONFIGURATION && type !== RAPID) return;
    if (payload.length < LENGTH) report.malformed('stp-length');
    else report.sight('stp.bridge', source, bridge(payload, protocol));
  },
};

/** A bridge's identifier is its priority and its hardware address. */
function bridge(bytes: Uint8Array, protocol: Facts['stp.bridge']['protocol']): Facts['stp.bridge'] {
  const several = (protocol === 'mstp' || protocol === 'spb') && bytes.length >= MSTP_LENGTH;
  const at = several ? CIST_BRIDGE : BRIDGE;
  const bridgeMac = macAt(bytes, at + 2);
  const rootMac = macAt(bytes, 7);
  return {
    protocol,
    bridgeMac,
    bridgePriority: new Cursor(bytes, at).u16(),
    rootMac,
    rootPriority: new Cursor(bytes, 5).u16(),
    isRoot: bridgeMac === rootMac,
  };
}
