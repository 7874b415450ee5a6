/** Bedside, laboratory and device-to-device protocols. The rules of {@link Facts} hold here too. */
export interface ClinicalFacts {
  /**
   * A system that sent a message of ASTM E1394 (LIS2-A2). `senderName` and `senderParts` are the components of H-5, whose
   * meaning is each maker's own; `software` and `serial` are those that show by their shape. `instruments` is R-14.
   */
  'astm.endpoint': {
    role: 'instrument' | 'host' | 'unknown';
    senderName?: string;
    senderParts?: string[];
    software?: string;
    serial?: string;
    processing?: string;
    version?: string;
    instruments?: string[];
    recordTypes: string[];
  };

  /** What a point-of-care device says of itself (POCT1-A HEL.R01); `deviceId` is an EUI-64 or what the maker puts there. */
  'poct.device': {
    vendor?: string;
    model?: string;
    serial?: string;
    software?: string;
    hardware?: string;
    deviceId?: string;
    profile?: string;
  };
  /** A side of a POCT1-A connection, with the messages that it sent. */
  'poct.endpoint': { role: 'device' | 'manager' | 'unknown'; messageTypes: string[] };
  /**
   * What a device announces by WS-Discovery. `types` without prefix; `scopes` only of kinds that name no person; `xaddrs`
   * as origins; `name`, `hardware` and `location` from the scopes of ONVIF and of IEEE 11073 SDC.
   */
  'wsd.device': {
    types?: string[];
    scopes?: string[];
    endpointReference?: string;
    xaddrs?: string[];
    name?: string;
    hardware?: string;
    location?: string;
  };
}
