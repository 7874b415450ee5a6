import type { Seen } from '../engine/scene.ts';

/** Ports that a server opens for a moment only: passive FTP, remote procedure calls, media. */
const FIRST_PASSING = 32_768;

/** Under which names a conversation stands in the baseline of its client, or of its server; none where it was no use. */
export function relationsOf(seen: Seen, side: 'client' | 'server'): string[] {
  const { conversation, server } = seen;
  if (seen.toGroup || !wasUse(seen)) return [];
  const service = `${conversation.transport}/${portOf(seen)}`;
  return side === 'client' ? [`c|${server}|${service}`] : [`s|${service}`];
}

/** The service itself, whoever uses it. */
export function serviceOf(seen: Seen): string {
  return `${seen.server}|${seen.conversation.transport}/${portOf(seen)}`;
}

function portOf({ conversation: { serverPort, application } }: Seen): string {
  if (serverPort === null) return '-';
  return serverPort >= FIRST_PASSING && application === null ? 'passing' : String(serverPort);
}

function wasUse({ conversation: { transport, connections, packetsFromServer, packetsFromClient, basis } }: Seen): boolean {
  // Where only order told who asked, the next time it may be told the other way round.
  if (basis === 'order') return false;
  if (transport === 'tcp') return connections.established > 0 || (packetsFromServer > 3 && packetsFromClient > 3);
  return packetsFromServer > 0 && connections.refused === 0;
}
