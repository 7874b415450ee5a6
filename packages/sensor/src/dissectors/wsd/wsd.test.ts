import { describe, expect, it } from 'vitest';
import { allDamage } from '../../testing/damage.ts';
import { runDatagram } from '../../testing/harness.ts';
import { expectNothingLeaks, factLines } from '../../testing/properties.ts';
import { wsd } from './index.ts';

const envelope = (body: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:d="http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01" xmlns:a="http://www.w3.org/2005/08/addressing"><s:Header><a:Action>x</a:Action></s:Header><s:Body>${body}</s:Body></s:Envelope>`;
const description = (types: string, scopes: string, xaddrs: string) =>
  `<a:EndpointReference><a:Address>urn:uuid:11111111-2222-3333-4444-555555555555</a:Address></a:EndpointReference><d:Types>${types}</d:Types><d:Scopes>${scopes}</d:Scopes><d:XAddrs>${xaddrs}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion>`;
const medical = envelope(
  `<d:Hello>${description(
    'dpws:Device mdpws:MedicalDevice',
    'sdc.mds.pkp:1.2.840.10004.20701.1.1 sdc.ctxt.loc:/sdc.ctxt.loc.detail/H1%2F%2F%2FICU?fac=H1&amp;poc=ICU%203&amp;bed=B7 sdc.ctxt.pat:/id/ZZMARK1 sdc.ctxt.opr:/ZZMARK2 http://x/ZZMARK3',
    'https://user:ZZMARK4@10.0.0.5:6464/ZZMARK5?x [::1]',
  )}</d:Hello>`,
);
const camera = envelope(
  `<d:ProbeMatches><d:ProbeMatch>${description(
    'dn:NetworkVideoTransmitter',
    'onvif://www.onvif.org/name/ACME%20Dome onvif://www.onvif.org/hardware/D-500 onvif://www.onvif.org/location/Ward+3 onvif://www.onvif.org/type/ptz',
    'http://10.0.0.7/onvif/device_service',
  )}</d:ProbeMatch></d:ProbeMatches>`,
).replace('docs.oasis-open.org/ws-dd/ns/discovery/2009/01', 'schemas.xmlsoap.org/ws/2005/04/discovery');
const probe = envelope('<d:Probe><d:Types>dpws:Device</d:Types></d:Probe>');

describe('wsd', () => {
  it('states a medical device with its place, and its patient by field only', () => {
    const said = runDatagram(wsd, [['client', medical]]);
    expect(factLines(said)).toEqual([
      'wsd.device client {"types":["Device","MedicalDevice"],"scopes":["sdc.mds.pkp:1.2.840.10004.20701.1.1","sdc.ctxt.loc:/sdc.ctxt.loc.detail/H1%2F%2F%2FICU?fac=H1&poc=ICU%203&bed=B7"],"endpointReference":"urn:uuid:11111111-2222-3333-4444-555555555555","xaddrs":["https://10.0.0.5:6464"],"location":"H1, ICU 3, B7"}',
      'phi.cleartext client {"protocol":"wsd","field":"patient context"}',
    ]);
    expectNothingLeaks(said, 'ZZMARK');
  });

  it('states a camera with what its scopes say', () => {
    expect(runDatagram(wsd, [['server', camera]]).sightings.map(({ facts }) => facts)).toMatchObject([
      {
        types: ['NetworkVideoTransmitter'],
        name: 'ACME Dome',
        hardware: 'D-500',
        location: 'Ward 3',
        xaddrs: ['http://10.0.0.7'],
      },
    ]);
  });

  it('states nothing of a search, and knows who serves', () => {
    const run = runDatagram(wsd, [['client', probe]]);
    expect([run.recognised, run.sightings]).toEqual(['yes', []]);
    const sides = [probe, camera, medical].map((text) => wsd.serverSide?.(new TextEncoder().encode(text)));
    expect(sides).toEqual(['receiver', 'sender', null]);
  });

  it('does not take other XML', () => {
    const other = envelope('<d:Hello/>').replace('ws-dd/ns/discovery', 'other');
    expect(runDatagram(wsd, [['server', other]]).recognised).toBe('no');
  });

  it('takes any damage', () => {
    const bytes = Uint8Array.from(camera, (c) => c.charCodeAt(0));
    for (const damaged of allDamage(bytes).filter((_, at) => at % 7 === 0)) {
      runDatagram(wsd, [['server', damaged]], { force: true });
    }
  });
});
