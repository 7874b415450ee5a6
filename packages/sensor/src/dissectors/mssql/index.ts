import type { Recognition, StreamDissector } from '../../dissector.ts';
import { MAX_PACKET } from './limits.ts';
import { HEADER, readGreeting, types } from './packet.ts';
import { MssqlSession } from './session.ts';

/** Microsoft SQL Server ([MS-TDS]): the server's version, the client's machine and program, logins that hide nothing. */
export const mssql: StreamDissector = {
  name: 'mssql',
  cost: 9,
  firstBytes: { client: [types.greeting] },
  recognise: recogniseGreeting,
  open: (report) => new MssqlSession(report),
};

/** One packet with its whole greeting. */
function recogniseGreeting(fromClient: Uint8Array): Recognition {
  const [type, status, high, low] = fromClient;
  if ((type ?? types.greeting) !== types.greeting || (status ?? 1) > 1) return 'no';
  if (fromClient.length < HEADER) return 'more';
  const length = (high! << 8) | low!;
  if (length < HEADER + 12 || length > MAX_PACKET || fromClient[HEADER - 1] !== 0) return 'no';
  if (fromClient.length < length) return length > 1024 ? 'no' : 'more';
  return readGreeting(fromClient.subarray(HEADER, length)) === null ? 'no' : 'yes';
}
