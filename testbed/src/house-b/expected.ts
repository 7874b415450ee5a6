import { type TruthService, tcp, udp } from '../ward/device.ts';
import type { HouseB } from './house.ts';

/** What a device of house B offers, what passes towards it in clear, and which findings ought to come of it. */
export interface Expected {
  services?: (house: Pick<HouseB, 'port'>) => TruthService[];
  credentials?: string[];
  findings?: string[];
}

const medical = ['cleartext-phi', 'unauthenticated-service'];
const sdc = (id: string): Expected => ({
  services: (house) => [tcp(house.port(id, 6464), 'sdc')],
  findings: medical,
});
const screen = (id: string): Expected => ({
  services: (house) => [tcp(house.port(id, 5900), 'vnc')],
  findings: ['unauthenticated-service', 'remote-screen-in-clear'],
});
const intellivue: Expected = { services: () => [udp(24105, 'intellivue')], findings: medical };
const bacnet: Expected = { services: () => [udp(47808, 'bacnet')], findings: ['unauthenticated-service'] };

export const expected: Record<string, Expected> = {
  'vent-b1': sdc('vent-b1'),
  'mon-b3': sdc('mon-b3'),
  'inc-b1': sdc('inc-b1'),
  'anaes-b1': sdc('anaes-b1'),
  'orv-b1': screen('orv-b1'),
  'mrcon-b1': screen('mrcon-b1'),
  'gas-b1': {
    services: (house) => [tcp(house.port('gas-b1', 502), 'modbus')],
    findings: ['unauthenticated-service'],
  },
  'fridge-b1': {
    services: () => [udp(161, 'snmp')],
    credentials: ['SNMP community'],
    findings: ['snmp-community'],
  },
  'ahu-b1': bacnet,
  'ahu-b2': bacnet,
  'cam-b1': { credentials: ['RTSP Basic'] },
  'cam-b2': { credentials: ['RTSP Basic'] },
  'dns-b1': { services: () => [udp(53, 'dns'), udp(67, 'dhcp')] },
  'dc-b1': {
    services: () => [udp(88, 'kerberos'), tcp(389, 'ldap')],
    credentials: ['LDAP simple bind'],
    findings: ['cleartext-credential'],
  },
  'mail-b1': { services: () => [tcp(25, 'smtp')] },
  'mq-b1': {
    services: () => [tcp(5672, 'amqp')],
    credentials: ['AMQP PLAIN'],
    findings: ['cleartext-credential'],
  },
  'radius-b1': { services: () => [udp(1812, 'radius')] },
  'mon-b1': intellivue,
  'mon-b2': intellivue,
  'light-b1': { services: () => [udp(5683, 'coap')], findings: ['unauthenticated-service'] },
  'ts-b1': { services: () => [tcp(3389, 'rdp')] },
  'pumpsrv-b1': { services: (house) => [tcp(house.port('pumpsrv-b1', 8080), 'http')] },
  'pocm-b1': { services: (house) => [tcp(house.port('pocm-b1', 3001), 'poct1a')] },
  'ncsrv-b1': { services: () => [udp(5060, 'sip')], findings: ['voice-in-clear'] },
  'lis-b1': { services: (house) => [tcp(house.port('lis-b1', 12000), 'astm')] },
  'obgw-b1': { services: (house) => [tcp(house.port('obgw-b1', 2575), 'hl7')] },
  'router-b': { services: () => [udp(547, 'dhcpv6')] },
  'web-b': { services: () => [tcp(443, 'tls')] },
};
