/** Building control, constrained devices, telephones and nurse call. The rules of {@link Facts} hold here too. */
export interface BuildingFacts {
  /**
   * The subject asked (client), or did (server), a Modbus function for or as a unit. A server that answers for several
   * units passes on to devices behind it.
   */
  'modbus.use': {
    role: 'client' | 'server';
    unit: number;
    function: string;
    access: 'read' | 'write' | 'other';
  };
  /** The subject refused; `gateway-…` says that it stands before other devices. */
  'modbus.exception': { unit: number; function: string; exception: string };
  /** Answer to Read Device Identification (Modbus Application Protocol V1.1b3 §6.21). */
  'modbus.identification': {
    unit: number;
    vendor?: string;
    productCode?: string;
    revision?: string;
    vendorUrl?: string;
    productName?: string;
    model?: string;
    application?: string;
  };

  /**
   * BACnet I-Am (ASHRAE 135-2020 §16.10). `behind` is where the device stands behind the subject, which then only routes.
   * One that a broadcast management device passed on is stated of `{mac: null, ip, vlan: null}`: named, not seen.
   */
  'bacnet.device': {
    instance: number;
    vendorId: number;
    maxApdu?: number;
    segmentation?: string;
    behind?: string;
  };
  /** Properties of a BACnet device object that were read. */
  'bacnet.identification': {
    instance: number;
    vendorId?: number;
    vendor?: string;
    model?: string;
    firmware?: string;
    software?: string;
    name?: string;
    location?: string;
    description?: string;
    serial?: string;
    behind?: string;
  };
  /** The subject asked for (client), or carried out (server), a BACnet service. */
  'bacnet.use': {
    role: 'client' | 'server';
    service: string;
    access: 'read' | 'write' | 'command' | 'other';
  };
  /** The subject passes BACnet on, or asks that broadcasts be passed on to it for so many seconds. */
  'bacnet.relay': {
    role: 'bbmd' | 'foreign-device' | 'router';
    peers?: string[];
    networks?: string[];
    seconds?: number;
  };

  /**
   * One side of a SIP transaction (RFC 3261): `client` sent the request. `host` is what it calls itself, `domain` where it
   * registers. Users and display names are personal and never stated.
   */
  'sip.agent': {
    role: 'client' | 'server';
    method?: string;
    software?: string;
    host?: string;
    domain?: string;
  };
  /** The subject asks for a login. */
  'sip.challenge': { scheme: string; realm?: string; algorithm?: string };
  /** A stream that the subject offers or takes (RFC 8866); `none` goes in clear, and the key of `sdes` stands beside it. */
  'sip.media': { media: 'audio' | 'video'; keying: 'none' | 'sdes' | 'dtls' | 'mikey'; codecs: string[] };

  /** One side of an RTSP session (RFC 2326): `client` asks for the streams. Addresses are never stated. */
  'rtsp.agent': { role: 'client' | 'server'; method?: string; software?: string };
  /** The subject asks for a login. */
  'rtsp.challenge': { scheme: string; realm?: string };
  /** A stream that the subject offers, as in `sip.media`. */
  'rtsp.media': { media: 'audio' | 'video'; keying: 'none' | 'sdes' | 'dtls' | 'mikey'; codecs: string[] };
  /** How the subject agreed to carry a stream: the profile of RTP (`SAVP` is encrypted), and what lies below. */
  'rtsp.transport': { profile: string; lower: 'UDP' | 'TCP'; delivery: 'unicast' | 'multicast' };

  /** One side of a CoAP exchange (RFC 7252): the method asked, or the code answered. Paths are never stated. */
  'coap.use': { role: 'client' | 'server'; method: string; observe: boolean };
  /** Kinds (`rt`, `if`) of the resources that the subject offers (RFC 6690). */
  'coap.resources': { types: string[] };

  /** The subject asks (`client` is the master) or answers by DNP3 (IEEE 1815) under its link address. */
  'dnp3.use': {
    role: 'client' | 'server';
    address: number;
    function: string;
    access: 'read' | 'write' | 'command' | 'other';
  };
}
