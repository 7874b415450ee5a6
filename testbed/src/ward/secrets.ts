/**
 * Throw-away secrets of the recording. They are distinctive, so that a test can search any output for them; default
 * passwords like admin/admin are not, and are kept apart.
 */
export const secrets = {
  mqttUser: 'wlpubflowmeter',
  mqttPassword: 'Zq7-mistle-Turbine',
  ftpPassword: 'Vx4-harbour-Lantern',
  telnetUser: 'wlfieldsvc',
  telnetPassword: 'Kp9-orchid-Gravel',
  smbUser: 'wlscanshare',
  smbPassword: 'Rt2-copper-Walnut',
  cameraUser: 'wlguardview',
  cameraPassword: 'Bn6-velvet-Anchor',
  snmpCommunity: 'Wm3-pebble-Falcon',
  snmpV3User: 'wlnmsreader',
  snmpV3Auth: 'Hd5-saddle-Marble',
  snmpV3Privacy: 'Jc8-thistle-Ember',
  rtspUser: 'wlnvrwatch',
  rtspPassword: 'Qs5-juniper-Kettle',
  amqpUser: 'wlresultbus',
  amqpPassword: 'Yd1-basalt-Heron',
  ldapPassword: 'Fg8-sorrel-Piston',
  kerberosUser: 'wlnightdesk',
  kerberosPassword: 'Ub3-cinder-Sparrow',
  radiusSecret: 'Lz6-drift-Bobbin',
  wlanUser: 'wlwardtablet',
  wlanPassword: 'Ow4-tundra-Rivet',
  rdpUser: 'wlserviceremote',
} as const;

/** User names that stand beside the secrets and must not leave a dissector either. */
export const defaultCredential = { user: 'admin', password: 'admin' } as const;

/** Synthetic people: no such person, plainly invented names. */
export const patients = [
  {
    id: 'SYN-700101',
    family: 'Aldermouse',
    given: 'Testina',
    born: '19610312',
    sex: 'F',
    street: 'Fictive Lane 11',
  },
  {
    id: 'SYN-700102',
    family: 'Brackenfoot',
    given: 'Samplin',
    born: '19480905',
    sex: 'M',
    street: 'Fictive Lane 12',
  },
  {
    id: 'SYN-700103',
    family: 'Cloverquill',
    given: 'Mockard',
    born: '19750721',
    sex: 'M',
    street: 'Fictive Lane 13',
  },
  {
    id: 'SYN-700104',
    family: 'Dustywhistle',
    given: 'Dummia',
    born: '19900118',
    sex: 'F',
    street: 'Fictive Lane 14',
  },
] as const;
export type Patient = (typeof patients)[number];

export const physicians = ['Nullwright', 'Voidmeyer'] as const;

/** Every string that no output of Wardline may ever hold. */
export function markedStrings(): { secrets: string[]; patients: string[] } {
  return {
    secrets: Object.values(secrets),
    patients: [...patients.flatMap((p) => [p.id, p.family, p.given, p.street]), ...physicians],
  };
}
