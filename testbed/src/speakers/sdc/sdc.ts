import {
  answer200,
  bye,
  elementOf,
  envelope,
  GROUP,
  hello,
  idOf,
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
  pause,
  port,
  type Role,
  type Told,
  text,
} from '../talk.ts';
import { getMdibResponse, SERVICE } from './mdib.ts';

const version = versions.oasis;
const SOAP = 'application/soap+xml; charset=utf-8';
const TRANSFER = 'http://schemas.xmlsoap.org/ws/2004/09/transfer';
/** DPWS 1.1, and the medical device of IEEE 11073-20702 (MDPWS). */
const spaces = {
  dpws: 'http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01',
  mdpws: 'http://standards.ieee.org/downloads/11073/11073-20702-2016',
};
const TYPES = 'dpws:Device mdpws:MedicalDevice';

function targetOf(told: Told): Target {
  const uuid = `urn:uuid:${text(told, 'uuid')}`;
  const place = `fac=HB&poc=${text(told, 'ward')}&bed=${text(told, 'bed')}`;
  const scopes = [
    // IEEE 11073-20701: what kind of participant it is, and where it stands.
    'sdc.mds.pkp:1.2.840.10004.20701.1.1',
    `sdc.ctxt.loc:/sdc.ctxt.loc.detail/HB%2F%2F%2F${text(told, 'ward')}%2F%2F${text(told, 'bed')}?${place}`,
  ];
  const address = `http://${ownAddress(told)}:${port(told)}/${text(told, 'uuid')}`;
  return { uuid, types: TYPES, scopes: scopes.join(' '), address };
}

/** A device: says hello, answers probes, describes itself, and hands out its medical data. */
const provider: Role = async (told) => {
  const target = targetOf(told);
  listen(port(told), (line) => serve(line, told, target));
  const socket = await openUdp(
    PORT,
    (message, from, own) => {
      const heard = message.toString('utf8');
      if (heard.includes(`${version.discovery}/Probe<`))
        own.send(probeMatches(version, target, heard, spaces), from.port, from.address);
    },
    GROUP,
  );
  socket.setMulticastInterface(ownAddress(told));
  socket.send(hello(version, target, spaces), PORT, GROUP);
  process.once('SIGTERM', () => socket.send(bye(version, target), PORT, GROUP, () => process.exit()));
};

async function serve(line: Line, told: Told, target: Target): Promise<void> {
  for (;;) {
    const heard = (await line.receive(byContentLength))?.toString('utf8');
    if (heard === undefined) return;
    const relatesTo = idOf(heard);
    const medical = heard.includes('GetMdib');
    const body = medical ? getMdibResponse(told) : metadata(told, target);
    const action = medical ? `${SERVICE}/GetMdibResponse` : `${TRANSFER}/GetResponse`;
    line.send(answer200(envelope({ version, action, relatesTo, spaces, body }), SOAP));
  }
}

/** DPWS 1.1 §5: what the model is, what the device is, and where its services are. */
function metadata(told: Told, { address }: Target): string {
  const model = `<dpws:ThisModel><dpws:Manufacturer>${text(told, 'vendor')}</dpws:Manufacturer><dpws:ModelName>${text(told, 'model')}</dpws:ModelName></dpws:ThisModel>`;
  const device = `<dpws:ThisDevice><dpws:FriendlyName>${text(told, 'friendly')}</dpws:FriendlyName><dpws:FirmwareVersion>${text(told, 'software')}</dpws:FirmwareVersion><dpws:SerialNumber>${text(told, 'serial')}</dpws:SerialNumber></dpws:ThisDevice>`;
  const hosted = `<dpws:Hosted><a:EndpointReference><a:Address>${address}</a:Address></a:EndpointReference><dpws:Types xmlns:sdc="http://standards.ieee.org/downloads/11073/11073-20701-2018">sdc:GetService sdc:StateEventService sdc:ContextService</dpws:Types><dpws:ServiceId>HighPriorityServices</dpws:ServiceId></dpws:Hosted>`;
  const host = `<dpws:Host><a:EndpointReference><a:Address>urn:uuid:${text(told, 'uuid')}</a:Address></a:EndpointReference><dpws:Types>${TYPES}</dpws:Types></dpws:Host>`;
  const section = (dialect: string, content: string) =>
    `<wsx:MetadataSection Dialect="${spaces.dpws}/${dialect}">${content}</wsx:MetadataSection>`;
  const relation = `<dpws:Relationship Type="${spaces.dpws}/host">${host}${hosted}</dpws:Relationship>`;
  const sections =
    section('ThisModel', model) + section('ThisDevice', device) + section('Relationship', relation);
  return `<wsx:Metadata xmlns:wsx="http://schemas.xmlsoap.org/ws/2004/09/mex">${sections}</wsx:Metadata>`;
}

/** A station: who is there; what are you; what do you measure. */
const consumer: Role = async (told) => {
  const socket = await Datagrams.open(0);
  socket.send(probe(version, TYPES, spaces), PORT, GROUP);
  const found: string[] = [];
  for (;;) {
    const match = await socket.next(800);
    if (match === null) break;
    found.push(elementOf(match.message.toString('utf8'), 'XAddrs'));
  }
  for (const url of [...found, ...((told.known ?? []) as string[])]) await read(url, text(told, 'agent'));
  socket.close();
};

async function read(url: string, agent: string): Promise<void> {
  const ask = (action: string, body: string) =>
    post(url, envelope({ version, action, to: url, spaces, body }), SOAP, agent).request;
  const { host, at } = post(url, '', SOAP, agent);
  const line = await dial(host, at);
  await line.ask(byContentLength, ask(`${TRANSFER}/Get`, ''));
  const mdib =
    '<msg:GetMdib xmlns:msg="http://standards.ieee.org/downloads/11073/11073-10207-2017/message"/>';
  await line.ask(byContentLength, ask(`${SERVICE}/GetMdib`, mdib));
  await pause(100);
  await line.ask(byContentLength, ask(`${SERVICE}/GetMdib`, mdib));
  line.close();
}

export const roles = { provider, consumer };
