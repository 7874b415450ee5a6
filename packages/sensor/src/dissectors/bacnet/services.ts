export type Access = 'read' | 'write' | 'command' | 'other';

interface Service {
  name: string;
  access: Access;
}

const service = (name: string, access: Access): Service => ({ name, access });

/** Confirmed services (ASHRAE 135-2020 §21, BACnetConfirmedServiceChoice). */
const confirmed: ReadonlyMap<number, Service> = new Map([
  [0, service('acknowledge-alarm', 'command')],
  [1, service('confirmed-cov-notification', 'other')],
  [2, service('confirmed-event-notification', 'other')],
  [3, service('get-alarm-summary', 'read')],
  [4, service('get-enrollment-summary', 'read')],
  [5, service('subscribe-cov', 'read')],
  [6, service('atomic-read-file', 'read')],
  [7, service('atomic-write-file', 'write')],
  [8, service('add-list-element', 'write')],
  [9, service('remove-list-element', 'write')],
  [10, service('create-object', 'write')],
  [11, service('delete-object', 'write')],
  [12, service('read-property', 'read')],
  [13, service('read-property-conditional', 'read')],
  [14, service('read-property-multiple', 'read')],
  [15, service('write-property', 'write')],
  [16, service('write-property-multiple', 'write')],
  [17, service('device-communication-control', 'command')],
  [18, service('confirmed-private-transfer', 'other')],
  [19, service('confirmed-text-message', 'other')],
  [20, service('reinitialize-device', 'command')],
  [21, service('vt-open', 'command')],
  [22, service('vt-close', 'other')],
  [23, service('vt-data', 'command')],
  [26, service('read-range', 'read')],
  [27, service('life-safety-operation', 'command')],
  [28, service('subscribe-cov-property', 'read')],
  [29, service('get-event-information', 'read')],
  [30, service('subscribe-cov-property-multiple', 'read')],
  [31, service('confirmed-cov-notification-multiple', 'other')],
]);

/** Unconfirmed services that change something in who hears them (BACnetUnconfirmedServiceChoice). */
const unconfirmed: ReadonlyMap<number, Service> = new Map([
  [6, service('time-synchronization', 'command')],
  [9, service('utc-time-synchronization', 'command')],
  [10, service('write-group', 'write')],
]);

export const LAST_UNCONFIRMED = 13;

export function confirmedService(choice: number): Service | undefined {
  return confirmed.get(choice);
}

export function unconfirmedService(choice: number): Service | undefined {
  return unconfirmed.get(choice);
}
