import { dial, type Line, listen, type Measure, port, type Role, text } from '../talk.ts';

/** A message ends with the end tag of what it began with; the DML puts nothing else around it (POCT1-A2, Annex B). */
const byElement: Measure = (held) => {
  const seen = held.toString('utf8');
  const name = /<([A-Z]{3}\.R\d\d)>/.exec(seen)?.[1];
  const end = name === undefined ? -1 : seen.indexOf(`</${name}>`);
  return end < 0 ? null : Buffer.byteLength(seen.slice(0, end + (name?.length ?? 0) + 3));
};

let control = 0;

function message(type: string, ...parts: string[]): string {
  control += 1;
  const values = { message_type: type, control_id: control, version_id: 'POCT1' };
  const header = Object.entries(values).map(([name, value]) => `<HDR.${name} V="${value}"/>`);
  const dated = '<HDR.creation_dttm V="2026-11-24T08:20:00+01:00"/>';
  return `<${type}><HDR>${header.join('')}${dated}</HDR>${parts.join('')}</${type}>`;
}

function fields(group: string, values: Record<string, string>): string {
  const inner = Object.entries(values).map(([name, value]) => `<${group}.${name} V="${value}"/>`);
  return `<${group}>${inner.join('')}</${group}>`;
}

function hello(told: Parameters<Role>[0]): string {
  const device = {
    device_id: text(told, 'serial'),
    vendor_id: text(told, 'vendor'),
    model_id: text(told, 'model'),
    serial_id: text(told, 'serial'),
    manufacturer_name: text(told, 'vendor'),
    sw_version: text(told, 'software'),
    device_name: text(told, 'name'),
  };
  const inner = fields('DEV', device).replace('</DEV>', '');
  const abilities =
    '<DCP><DCP.application_timeout V="60"/></DCP><DSC><DSC.connection_profile_cd V="SA"/></DSC>';
  return message('HEL.R01', inner, abilities, '</DEV>');
}

function observation(told: Parameters<Role>[0]): string {
  const value =
    '<OBS><OBS.observation_id V="2339-0" SN="LN" DN="Glucose"/><OBS.value V="98" U="mg/dL"/></OBS>';
  const patient = `<PT><PT.patient_id V="${text(told, 'patient')}"/>${value}</PT>`;
  const operator = `<OPR><OPR.operator_id V="${text(told, 'operator')}"/></OPR>`;
  const service = '<SVC.role_cd V="OBS"/><SVC.observation_dttm V="2026-11-24T08:12:00+01:00"/>';
  return message('OBS.R01', `<SVC>${service}${patient}${operator}</SVC>`);
}

/** The meter introduces itself, gives its status, its results when asked, and ends (POCT1-A2, Annex B §6). */
const meter: Role = async (told) => {
  const line = await dial(text(told, 'host'), port(told));
  await line.ask(byElement, hello(told));
  const status = '<DST><DST.new_observations_qty V="1"/><DST.condition_cd V="R"/></DST>';
  await line.ask(byElement, message('DST.R01', status));
  await line.receive(byElement);
  await line.ask(byElement, observation(told));
  line.send(message('EOT.R01', fields('EOT', { topic_cd: 'OBS' })));
  await line.receive(byElement);
  line.close();
};

const manager: Role = (told) => listen(port(told), converse);

async function converse(line: Line): Promise<void> {
  for (;;) {
    const heard = (await line.receive(byElement))?.toString('utf8');
    if (heard === undefined) return;
    if (heard.includes('<EOT.R01>')) line.send(message('END.R01', fields('TRM', { reason_cd: 'NRM' })));
    else line.send(acknowledgement(heard));
    if (heard.includes('<DST.R01>')) line.send(message('REQ.R01', fields('REQ', { request_cd: 'ROBS' })));
  }
}

function acknowledgement(heard: string): string {
  const id = /HDR\.control_id V="(\d+)"/.exec(heard)?.[1] ?? '0';
  return message('ACK.R01', fields('ACK', { type_cd: 'AA', ack_control_id: id }));
}

export const roles = { meter, manager };
