/** What radio frames show. The rules of {@link Facts} hold here too. */
export interface WirelessFacts {
  /**
   * A beacon or probe response (IEEE 802.11): the subject is the network's BSSID. `security` is `open`, `wep`, `owe`, or the
   * generations offered joined by a slash (`wpa2/wpa3`); `authentication` names the key management (`psk`, `sae`, `802.1x`, …).
   * `hidden`: the name is withheld.
   */
  'wifi.network': {
    ssid?: string;
    hidden?: boolean;
    channel?: number;
    security: string;
    authentication: string[];
    ciphers: string[];
    managementFrames: 'unprotected' | 'optional' | 'required';
  };
  /** What a device says of itself for Wi-Fi Protected Setup. `category` is the primary device type. */
  'wifi.device': {
    manufacturer?: string;
    model?: string;
    modelNumber?: string;
    serial?: string;
    name?: string;
    category?: string;
  };
  /** The subject looks for networks: any, or one by a name, which is never reported: it tells where its owner has been. */
  'wifi.station': { asks: 'any' | 'named' };
  /** The subject joined, or sent data to, the access point `bssid`. `encrypted`: the data was. */
  'wifi.client': { bssid: string; encrypted?: boolean };
  /** The subject ended a connection, or somebody in its name did. `reason` as in IEEE 802.11 table 9-90. */
  'wifi.disconnect': { message: 'deauthentication' | 'disassociation'; reason: number; bssid: string };
  /**
   * The subject advertises itself by Bluetooth Low Energy under an address that stays. `services` are those it offers, by name where
   * it is one of care, else by number; `appearance` is the kind of device that it says it is. `name` is only told of devices
   * of care: others are called after people.
   */
  'ble.advert': {
    address: 'public' | 'static';
    services?: string[];
    appearance?: string;
    company?: string;
    name?: string;
  };
}
