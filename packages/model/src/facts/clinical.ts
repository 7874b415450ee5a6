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

  /** What a device says of itself by DPWS (ThisModel and ThisDevice); computers publish `hostname` and `domain`. */
  'dpws.device': {
    manufacturer?: string;
    model?: string;
    modelNumber?: string;
    friendlyName?: string;
    firmware?: string;
    serial?: string;
    hostname?: string;
    domain?: string;
  };
  /** What a medical device says of itself in its MDIB (IEEE 11073-10207); `mdsType` is a code of IEEE 11073-10101. */
  'sdc.device': {
    mdsType?: string;
    manufacturer?: string;
    model?: string;
    modelNumber?: string;
    serial?: string;
    udi?: string;
    location?: string;
  };
  /** Somebody invoked an operation of the subject that changes it (IEEE 11073-10207 §7.3). */
  'sdc.operation': { operation: string; handle?: string };

  /** What a Philips IntelliVue monitor says of itself when it exports data; `systemId` is its hardware address. */
  'intellivue.device': {
    manufacturer?: string;
    model?: string;
    serial?: string;
    software?: string;
    systemId?: string;
    bedLabel?: string;
  };

  /** Where a GE CARESCAPE monitor says that it stands. */
  'carescape.device': { careUnit?: string; bed?: string };

  /** What a FHIR server says of itself in its capability statement. */
  'fhir.server': {
    software?: string;
    softwareVersion?: string;
    implementation?: string;
    publisher?: string;
    fhirVersion?: string;
  };
  /** The subject answered a request for a type of FHIR resource: `read`, `search`, `create`, `update`, `delete`. */
  'fhir.access': { resource: string; operation: string };
}
