/** Tunnels by the names that facts carry. */
export type TunnelName =
  | 'ip-in-ip'
  | 'mpls-in-ip'
  | 'gre'
  | 'nvgre'
  | 'pptp'
  | 'erspan-1'
  | 'erspan-2'
  | 'erspan-3'
  | 'vxlan'
  | 'vxlan-gpe'
  | 'geneve'
  | 'gtp-u'
  | 'teredo'
  | 'capwap'
  | 'tzsp';

/** What a tunnel's header says: one object, filled anew for each packet. */
export interface Tunnel {
  name: TunnelName;
  /** Network identifier, key or session; -1: the tunnel has none. */
  identifier: number;
  /** EtherType of what is inside. */
  etherType: number;
  /** Of the mirrored frame, where the tunnel kept it beside the frame; -1: not so. */
  vlan: number;
  /** The mirroring switch cut the frame. */
  isCut: boolean;
}
