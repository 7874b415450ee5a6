import type { StreamDissector } from '../../dissector.ts';
import { modbusSpeaker, recogniseModbus } from './recognise.ts';
import { ModbusSession } from './session.ts';

/**
 * Modbus/TCP: which units read, write and refuse, and what a device says of itself (Read Device Identification). The
 * protocol has no login, so that each write that is answered was done for somebody who proved nothing.
 */
export const modbus: StreamDissector = {
  name: 'modbus',
  // Behind all that have a name or magic in their first bytes.
  cost: 45,
  recognise: recogniseModbus,
  open: (report) => new ModbusSession(report),
  speaker: modbusSpeaker,
};
