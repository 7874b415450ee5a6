import { type Identities, machine, made } from './identity.ts';

const HYPER_V = '00:15:5d';
const OFFICE = '3c:52:82';
/** A DHCP client as it is built into many devices: it says nothing of the device. */
const PLAIN = 'udhcp 1.30.1';

/**
 * Other makers in the same places, to be measured and never looked at while rules are written: names by inventory number,
 * DHCP clients that say nothing, other ports. What the device says in its own protocol has to do.
 */
export const heldOut: Identities = {
  'vent-b1': made('bme-40217', 'e4:75:1e', ['Getinge', 'Servo-9', 'SV9-88121', '4.2'], PLAIN, {
    port: 53200,
  }),
  'mon-b1': made('bme-40311', '38:0b:26', ['Mindray', 'BV-15', 'BV15-70011', '06.12'], PLAIN),
  'mon-b2': made('bme-40312', '38:0b:26', ['Mindray', 'BV-15', 'BV15-70012', '06.12'], PLAIN),
  'mon-b3': made('bme-40313', '00:a0:aa', ['Spacelabs', 'XP-9', 'XP9-41313', '3.1'], PLAIN, { port: 53200 }),
  'central-b1': machine('bme-srv-12', HYPER_V, { agent: 'gSOAP/2.8' }),
  'pump-b1': made('bme-41051', '00:13:38', ['Fresenius', 'Volumat A', 'VA-620051', '1.9'], PLAIN, {
    agent: 'VolumatA',
  }),
  'pump-b2': made('bme-41052', '00:13:38', ['Fresenius', 'Volumat A', 'VA-620052', '1.9'], PLAIN, {
    agent: 'VolumatA',
  }),
  'gluc-b1': made('poct-0931', '00:13:dd', ['Abbott', 'FreeCheck H', 'FCH-931', '2.2'], PLAIN),
  'nc-b1': made('fm-5512', '00:25:fb', ['Tunstall', 'Flamen T1', 'T1-5512', '1.4'], PLAIN, {
    agent: 'Tunstall-FlamenT1/1.4',
  }),
  'nc-b2': made('fm-7703', '00:25:fb', ['Tunstall', 'Flamen T1', 'T1-7703', '1.4'], PLAIN, {
    agent: 'Tunstall-FlamenT1/1.4',
  }),
  'fetal-b1': made('bme-42202', '44:4b:5d', ['GE', 'CoroTrace 2', 'CT2-2202', null], PLAIN),
  'inc-b1': made('bme-42303', '44:4b:5d', ['GE', 'Girafa One', 'GO-303', '2.0'], PLAIN, { port: 53200 }),
  'anaes-b1': made('bme-43101', 'e4:75:1e', ['Getinge', 'Flow-X', 'FX-101', '4.4'], PLAIN, { port: 53200 }),
  'orv-b1': made('bme-43141', '00:0d:d1', ['Stryker', 'iSuite', null, null], PLAIN, { port: 5901 }),
  'gas-b1': made('fm-gas-02', '00:0d:2c', [null, 'MGA-12', null, '2.0'], null, { port: 1502 }),
  'mrcon-b1': made('bme-44031', OFFICE, [null, null, null, null], null, { port: 5901, agent: 'mr2' }),
  'chem-b1': made('lab-0031', '00:13:dd', ['Abbott', 'Alinear C', 'ALC-99121', '1.8'], PLAIN),
  'bga-b1': made('lab-0032', '00:60:19', ['Roche', 'cobas-b 99', 'B99-4411', '5.5'], PLAIN),
  'fridge-b1': made('fm-t-104', '40:ed:97', ['Vaisala', 'viewLink', null, '4.1'], PLAIN),
  'ahu-b1': made('fm-ddc-01', '00:10:8d', ['Johnson Controls', 'NAE-55', '77001', '9.0'], null),
  'ahu-b2': made('fm-ddc-02', '00:40:ae', ['Delta Controls', 'DSC-1616', '77002', '3.40'], null),
  'bms-b1': machine('fm-pc-01', OFFICE),
  'gasgw-b1': machine('fm-gw-03', '00:80:a3'),
  'light-b1': made('fm-li-05', '24:0a:c4', ['Zumtobel', 'Litecom 2', null, null], PLAIN),
  'cam-b1': made('fm-v-041', 'ac:cc:8e', ['Axis', 'AX-3245', 'ACCC8E0041', '10.9'], PLAIN, {
    port: 8000,
    agent: 'gSOAP/2.8',
  }),
  'cam-b2': made('fm-v-042', '3c:ef:8c', ['Dahua', 'DH-5442', 'DH5442-42', '2.8'], PLAIN, {
    port: 8000,
    agent: 'Rtsp Server',
  }),
  'nvr-b1': machine('fm-srv-02', HYPER_V, { agent: 'gSOAP/2.8' }),
  'door-b1': made('fm-d-061', '00:0a:83', ['Salto', 'XS4', 'XS-061', null], PLAIN),
  'door-b2': made('fm-d-062', '00:0a:83', ['Salto', 'XS4', 'XS-062', null], PLAIN),
  'acc-b1': machine('fm-srv-03', HYPER_V, { port: 9700 }),
  'rtls-b1': made('fm-loc-071', '00:18:8e', ['Ekahau', 'EG-9', 'EG9-0071', '2.0'], PLAIN),
  'rtlsrv-b1': machine('app16', HYPER_V, { port: 8552 }),
  'dns-b1': machine('infra01', HYPER_V),
  'dc-b1': machine('infra02', HYPER_V),
  'mail-b1': machine('infra03', HYPER_V),
  'log-b1': machine('infra04', HYPER_V),
  'radius-b1': machine('infra05', HYPER_V),
  'mq-b1': machine('app07', HYPER_V, { agent: 'LavinMQ', software: '1.2.1' }),
  'ts-b1': machine('app08', HYPER_V),
  'pumpsrv-b1': machine('app11', HYPER_V, { port: 9443, agent: 'Jetty(9.4)' }),
  'pocm-b1': machine('app12', HYPER_V, { port: 9001 }),
  'ncsrv-b1': machine('app13', HYPER_V, { agent: 'Kamailio 5.6' }),
  'lis-b1': machine('app14', HYPER_V, { port: 5100 }),
  'obgw-b1': machine('app15', HYPER_V, { port: 6000 }),
  'pc-b1': machine('W10-3381', OFFICE, { vendorClass: 'MSFT 5.0' }),
  'pc-b2': machine('W10-3382', OFFICE, { vendorClass: 'MSFT 5.0' }),
  'pc-b3': machine('MBA-J4', 'a4:83:e7', { vendorClass: null }),
  'printer-b1': made('W10-P114', '00:17:c8', ['Kyocera', 'TK-3645', null, null], null, { port: 9101 }),
  'phone-b1': made('tel-8812', '80:5e:c0', ['Yealink', 'T5-4', null, '86.1'], PLAIN, {
    agent: 'Yealink SIP-T5-4 86.1',
  }),
  'sw-b1': made('net-b-02', '00:1a:1e', ['HPE', null, null, null]),
  'ap-b1': made('net-b-21', '00:0b:86', ['Aruba', 'AP-5', 'CN-5521', null], PLAIN),
  'nms-b1': machine('infra09', HYPER_V),
  'router-b': made('net-b-01', '00:00:0c', ['Cisco', null, null, null]),
  'web-b': machine('cdn.weather.example', '02:00:5e'),
};
