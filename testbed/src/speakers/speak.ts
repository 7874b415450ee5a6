/** `node speak.ts PROTOCOL ROLE JSON`: takes a role in a protocol, as a device of the testbed. */
import type { Role, Told } from './talk.ts';

type Roles = Record<string, Role>;

const protocols: Record<string, () => Promise<{ roles: Roles }>> = {
  amqp: () => import('./amqp/amqp.ts'),
  astm: () => import('./astm/astm.ts'),
  bacnet: () => import('./bacnet/bacnet.ts'),
  badge: () => import('./badge/badge.ts'),
  coap: () => import('./coap/coap.ts'),
  intellivue: () => import('./intellivue/intellivue.ts'),
  modbus: () => import('./modbus/modbus.ts'),
  onvif: () => import('./onvif/onvif.ts'),
  pjl: () => import('./pjl/pjl.ts'),
  poct1: () => import('./poct1/poct1.ts'),
  pump: () => import('./pump/pump.ts'),
  rdp: () => import('./rdp/rdp.ts'),
  rfb: () => import('./rfb/rfb.ts'),
  rtls: () => import('./rtls/rtls.ts'),
  rtsp: () => import('./rtsp/rtsp.ts'),
  sdc: () => import('./sdc/sdc.ts'),
  sip: () => import('./sip/sip.ts'),
  smtp: () => import('./smtp/smtp.ts'),
};

const [protocol = '', role = '', told = '{}'] = process.argv.slice(2);
const roles = (await protocols[protocol]?.())?.roles;
const act = roles?.[role];
if (act === undefined) throw new Error(`no ${role} of ${protocol}`);
await act(JSON.parse(told) as Told);
