import {
  answer200,
  elementOf,
  envelope,
  GROUP,
  hello,
  ownAddress,
  PORT,
  post,
  probe,
  probeMatches,
  type Target,
  versions,
} from '../discovery.ts';
import {
  byContentLength,
  Datagrams,
  dial,
  type Line,
  listen,
  openUdp,
  port,
  type Role,
  type Told,
  text,
} from '../talk.ts';

const version = versions.early;
/** ONVIF Core Specification §7.3: the type that cameras answer to. */
const spaces = {
  dn: 'http://www.onvif.org/ver10/network/wsdl',
  tds: 'http://www.onvif.org/ver10/device/wsdl',
};
const TYPES = 'dn:NetworkVideoTransmitter tds:Device';
const SOAP = 'application/soap+xml; charset=utf-8';

function targetOf(told: Told): Target {
  const scope = (kind: string, value: string) => `onvif://www.onvif.org/${kind}/${encodeURIComponent(value)}`;
  const scopes = [
    scope('type', 'video_encoder'),
    scope('Profile', 'Streaming'),
    scope('name', text(told, 'vendor')),
    scope('hardware', text(told, 'model')),
    scope('location', text(told, 'place')),
  ];
  const address = `http://${ownAddress(told)}:${port(told)}/onvif/device_service`;
  return { uuid: `urn:uuid:${text(told, 'uuid')}`, types: TYPES, scopes: scopes.join(' '), address };
}

const camera: Role = async (told) => {
  const target = targetOf(told);
  listen(port(told), (line) => serve(line, told));
  const socket = await openUdp(
    PORT,
    (message, from, own) => {
      const heard = message.toString('utf8');
      if (heard.includes(`${version.discovery}/Probe<`))
        own.send(probeMatches(version, target, heard, spaces), from.port, from.address);
    },
    GROUP,
  );
  socket.send(hello(version, target, spaces), PORT, GROUP);
};

/** GetDeviceInformation (Core §8.3.1), which cameras answer to whoever asks. */
async function serve(line: Line, told: Told): Promise<void> {
  for (;;) {
    if ((await line.receive(byContentLength)) === null) return;
    const values = {
      Manufacturer: text(told, 'vendor'),
      Model: text(told, 'model'),
      FirmwareVersion: text(told, 'software'),
      SerialNumber: text(told, 'serial'),
      HardwareId: '1.0',
    };
    const inner = Object.entries(values).map(([name, value]) => `<tds:${name}>${value}</tds:${name}>`);
    const body = `<tds:GetDeviceInformationResponse>${inner.join('')}</tds:GetDeviceInformationResponse>`;
    const action = 'http://www.onvif.org/ver10/device/wsdl/GetDeviceInformationResponse';
    line.send(answer200(envelope({ version, action, spaces, body }), SOAP, text(told, 'web')));
  }
}

const recorder: Role = async (told) => {
  const socket = await Datagrams.open(0);
  socket.send(probe(version, 'dn:NetworkVideoTransmitter', spaces), PORT, GROUP);
  for (;;) {
    const match = await socket.next(800);
    if (match === null) break;
    await ask(elementOf(match.message.toString('utf8'), 'XAddrs'), text(told, 'agent'));
  }
  socket.close();
};

async function ask(url: string, agent: string): Promise<void> {
  const action = 'http://www.onvif.org/ver10/device/wsdl/GetDeviceInformation';
  const body = '<tds:GetDeviceInformation/>';
  const { host, at, request } = post(url, envelope({ version, action, to: url, spaces, body }), SOAP, agent);
  const line = await dial(host, at);
  await line.ask(byContentLength, request);
  line.close();
}

export const roles = { camera, recorder };
