import type { StreamDissector } from '../../dissector.ts';
import { firstBytes } from './framing.ts';
import { recogniseAstm } from './recognise.ts';
import { AstmSession } from './session.ts';

/**
 * Laboratory instruments and their information systems: LIS01-A2 (ASTM E1381) frames with LIS2-A2 (ASTM E1394) records,
 * or the records alone. Who speaks, patient data by field, passwords in headers, and receivers that take from anybody.
 */
export const astm: StreamDissector = {
  name: 'astm',
  cost: 11,
  firstBytes: { client: firstBytes, server: firstBytes },
  recognise: recogniseAstm,
  open: (report) => new AstmSession(report),
};
