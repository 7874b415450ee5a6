import { post } from './client.ts';

export type { AccessPoint, BluetoothDevice, HeardNetwork, NfcChecklist } from '@wardline/model';

/** The house's own access points, and what people found of NFC. */
export const wirelessActs = {
  approve: (site: number, ssid: string, bssid: string, reason: string) =>
    post('/wireless/access-points', { site, items: [{ ssid, bssid }], reason }),
  withdraw: (id: string, reason: string) => post('/wireless/access-points/removal', { ids: [id], reason }),
  answerNfc: (site: number, item: string, answer: string, reason: string) =>
    post('/wireless/nfc', { site, item, answer, reason }),
};
