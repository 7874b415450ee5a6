/** What networks say of themselves and of who joins them. The rules of {@link Facts} hold here too. */
export interface InfrastructureFacts {
  /**
   * The subject sent a tunnel's packets to the peer; what they carry is counted as if it had been captured itself.
   * `identifier` is the tunnel's own number: VXLAN or GENEVE network, GRE key, NVGRE subnet, ERSPAN session, GTP endpoint.
   */
  'network.tunnel': { tunnel: string; identifier?: number };
}
